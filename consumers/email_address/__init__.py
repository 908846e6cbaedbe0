"""A person's e-mail address: how it changes, and how the mailbox before takes it back."""
