"""The four formats our issuers write: one file a format, from the noun to bytes."""
