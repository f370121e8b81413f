"""What the school decided about marks, as versioned data."""
