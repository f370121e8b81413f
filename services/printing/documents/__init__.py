"""Documents: ordered, laid out, rendered, kept."""
