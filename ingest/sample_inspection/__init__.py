"""What a sample file holds, found from its bytes: its syntax, its fields, and the terms that they seem to be."""
