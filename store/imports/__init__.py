"""What people bring in themselves: documents of issuers who send nothing here, and each person's own issuers."""
