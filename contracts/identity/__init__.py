"""What identity accepts, answers and announces."""
