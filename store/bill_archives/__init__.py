"""Archives in which people take their bills away: what was asked for, and the encrypted parts that it consists of."""
