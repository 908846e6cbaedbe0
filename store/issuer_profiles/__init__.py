"""The versions of issuers' profiles."""
