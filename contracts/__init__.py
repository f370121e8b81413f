"""What the services say to each other: commands in, views out, events. Data only, one module per owner."""
