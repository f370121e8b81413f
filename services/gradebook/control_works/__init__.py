"""Control works: scores, levels, reliability."""
