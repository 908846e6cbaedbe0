"""Tables of customer accounts and the consumers who hold them."""
