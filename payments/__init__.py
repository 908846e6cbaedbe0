"""Payments: what is due of stored bills."""
