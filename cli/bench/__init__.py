"""`make bench`: what calls, events, reads and writes cost, each beside the least that could do the same."""
