"""A person leaves: what ends when they close their space, what is erased of them, and what stays."""
