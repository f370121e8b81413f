"""Staff roles that are given and taken by hand."""
