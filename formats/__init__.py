"""Files that schools have, read as plain cells, dates and elements: no word of the school's."""
