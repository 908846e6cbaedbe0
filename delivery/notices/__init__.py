"""How a person wants to hear of the bills of an account: channels, digest, language, quiet hours."""
