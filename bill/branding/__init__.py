"""Branding data: an issuer's colours, typeface and page sections."""
