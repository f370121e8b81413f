"""The live state of long work for open pages: streams of events from a process of their own."""
