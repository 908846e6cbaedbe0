"""Archives of other people: ZIP and gzip, unpacked under limits."""
