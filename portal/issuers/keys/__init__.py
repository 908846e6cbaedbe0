"""Pages of what an issuer's programs sign in with: API keys and SFTP credentials."""
