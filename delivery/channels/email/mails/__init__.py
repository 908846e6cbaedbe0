"""What each e-mail says: notices of bills, and what is told of accounts, payments and signing in."""
