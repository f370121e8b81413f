"""An import written: its own state, and the roster that it brings."""
