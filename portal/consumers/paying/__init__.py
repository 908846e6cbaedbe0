"""Paying: online at the issuer's provider, and in several parts."""
