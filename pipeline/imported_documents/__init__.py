"""Reads the documents that people bring in, and files them as bills of private issuers."""
