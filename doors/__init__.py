"""Doors: the ways a feed comes in (API request, command line, upload folder, SFTP)."""
