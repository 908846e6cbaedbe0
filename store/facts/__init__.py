"""Tables of adoption facts: the facts, what each bill adds to them, and what changed since they were counted."""
