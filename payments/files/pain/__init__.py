"""Collections handed to the bank, and what became of them: pain.008, pain.002."""
