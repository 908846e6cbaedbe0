"""Whether two names, addresses or account numbers on bills are likely one customer's. Pure."""
