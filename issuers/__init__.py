"""Issuers: the registry, profiles, brand settings, logos and e-seal certificates."""
