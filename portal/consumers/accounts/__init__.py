"""Accounts (contracts): linking them, their holders, addresses, mandates, and what was said of their paper."""
