"""The print stream: letters made of archived bills, with addresses and inserter marks laid over."""
