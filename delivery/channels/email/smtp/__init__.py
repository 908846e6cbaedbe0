"""SMTP: the client, what servers answer, the relay’s health, and an inbox for development."""
