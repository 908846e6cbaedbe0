"""Tables of bills: the bill, its references to others, its search words, the bills before it."""
