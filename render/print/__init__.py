"""The print stream: archived bills become one PDF of letters, with addresses and inserter marks laid over the pages."""
