"""File formats that the demo issuers write, one file for each format: bills in, bytes out."""
