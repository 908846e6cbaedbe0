"""Pages on which an issuer's members change the brand of their bills."""
