"""The services: each owns its data and says to the others only what `contracts` holds."""
