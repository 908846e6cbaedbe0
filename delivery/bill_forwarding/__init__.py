"""Sending a person’s new bills to an address of their choice: an accountant, an archive."""
