"""OpenID Connect, as a relying party: what a configured provider answers is read and checked here."""
