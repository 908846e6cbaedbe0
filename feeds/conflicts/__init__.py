"""Conflicts: a bill with other content under a number that is taken; a named person decides."""
