"""How each account stands between paper and portal: one of twelve states, derived from what its holders chose, what
they were told, what the issuer says of them, and what they read."""
