"""Addresses that a person’s new bills are forwarded to, and which bills went there."""
