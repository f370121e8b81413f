"""Changes of single lessons: cancelled, moved, swapped, in another classroom, by somebody who stands in."""
