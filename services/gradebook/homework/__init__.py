"""How much homework a day takes."""
