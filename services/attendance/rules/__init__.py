"""The pure rules of attendance: no database, no bus, no clock."""
