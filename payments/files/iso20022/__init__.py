"""What the ISO 20022 messages have in common: elements by local names, amounts, parties, remittance information."""
