"""Pages of a person’s address that takes mails with bills."""
