"""The formats our issuers write, and the pages they print: one file a format, from the noun to bytes."""
