"""What an issuer's programs sign in with: API keys and SFTP credentials, named, scoped, rotated and revoked."""
