"""What notifications accepts and answers."""
