"""The key ring and encrypted documents: account keys, PDF segments, shared parts, attachments, signed links."""
