"""Which bills a payment is of. Pure: the result depends on what was told, never on the order in which it came."""
