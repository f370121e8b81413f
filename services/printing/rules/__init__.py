"""How a journal lies on paper: pure, values in, values out."""
