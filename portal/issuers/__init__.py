"""Pages on which an issuer's members change how their bills look."""
