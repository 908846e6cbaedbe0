"""Customers: what issuers say of them, and what is told back."""
