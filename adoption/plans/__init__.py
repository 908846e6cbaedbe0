"""Adoption plans: the share of paperless accounts that an issuer means to reach, by month, over three to five years."""
