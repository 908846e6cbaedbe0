"""SMTP: the client, what servers answer, and an inbox for development."""
