"""Students, guardians and classes, as identity told of them."""
