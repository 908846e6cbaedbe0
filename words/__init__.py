"""Words and dates in the reader's language. Knows nobody."""
