"""E-mails to the people who work for an issuer, or for the service."""
