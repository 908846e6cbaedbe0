"""Mails with bills that people sent to their personal address."""
