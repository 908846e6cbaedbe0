"""Encrypted documents: account keys, PDF segments, shared parts, attachments, signed links."""
