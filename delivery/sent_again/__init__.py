"""Sends a bill to its customer once more, since somebody asks for it."""
