"""What the gradebook accepts, answers and announces."""
