"""E-mails about signing in: confirming an address, passwords, new devices, identities, second factors."""
