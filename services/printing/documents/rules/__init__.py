"""How a document lies on paper: pure, values in, values out."""
