"""Measures adoption: who enrolled, who went paperless, and what that saved, by issuer and month."""

from adoption.monthly_facts import measure

__all__ = ["measure"]
