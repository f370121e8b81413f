"""`make bench`: measures calls, events, reads and writes, each against a minimal program that does the same."""
