"""The machinery that every service runs on. It knows nothing about schools."""
