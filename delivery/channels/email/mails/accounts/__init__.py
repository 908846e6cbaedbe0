"""E-mails about a contract: who holds and reads it, on paper or without, where its letters go."""
