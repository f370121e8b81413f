"""The machinery every service runs on. It knows no school word."""
