"""Who works here: operators and issuers' members."""
