"""What issuers say of their customers: the tables of what is known, and of files being read."""
