"""What attendance accepts, answers and announces."""
