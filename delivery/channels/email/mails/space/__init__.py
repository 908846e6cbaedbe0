"""E-mails about a person's space itself: its address changes, it is closed."""
