"""E-mails about bills: a new one, several at once, how it is paid, what was asked of its issuer."""
