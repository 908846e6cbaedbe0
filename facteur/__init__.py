"""What other programs import of Facteur: `facteur.client`, for an issuer's own."""
