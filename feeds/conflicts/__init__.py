"""Other content under a bill number that is taken: what a named person decides."""
