"""Adoption plans of issuers, and the forecasts kept beside them."""
