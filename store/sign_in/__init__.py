"""How people sign in: their sessions, second factors and identities at other providers."""
