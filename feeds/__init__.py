"""Feeds: what becomes of a feed that was read (holds, release, conflicts, account assignment, report)."""
