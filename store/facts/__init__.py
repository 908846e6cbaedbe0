"""Tables of adoption facts: monthly figures, the contribution of each bill and account, and changes not counted yet."""
