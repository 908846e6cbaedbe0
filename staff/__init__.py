"""Staff: the service's operators and the issuers' members."""
