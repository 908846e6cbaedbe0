"""Encodings of feed text: what the bytes show (byte order marks, UTF-8 under another name) wins over what is
declared."""
