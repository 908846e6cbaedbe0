"""Inviting somebody to read one's bills, what they answer, what they looked at, and how it ends."""
