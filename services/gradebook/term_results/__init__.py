"""Term marks from the computed figure to the lock: set, handed in, checked, locked, forecast, explained."""
