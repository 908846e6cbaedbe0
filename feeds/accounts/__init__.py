"""Which customer account each bill of a feed belongs to, and questions about account numbers."""
