"""Who goes digital: the claim of an account, the consent to do without paper, and the figures of both."""

from adoption.monthly_facts import measure

__all__ = ["measure"]
