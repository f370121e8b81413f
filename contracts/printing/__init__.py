"""What printing accepts, answers and announces."""
