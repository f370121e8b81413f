"""The school's decisions about marks, as versioned data."""
