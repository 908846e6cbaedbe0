"""Pages by which consumers bring in bills of issuers who are not on board, and keep those issuers."""
