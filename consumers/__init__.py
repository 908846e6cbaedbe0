"""Who may see what: claims and their codes, consent, account holders, suspensions."""
