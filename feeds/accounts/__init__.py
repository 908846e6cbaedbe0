"""Assign the bills of a feed to customer accounts, and decide questions about account numbers."""
