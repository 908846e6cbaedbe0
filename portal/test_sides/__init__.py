"""The console's page of an issuer's test side, from which a member also sees the portal as one of its customers."""
