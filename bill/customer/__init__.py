"""What an issuer says of its customers, and which of two statements counts."""
