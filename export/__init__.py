"""Writes bills in the syntaxes of EN 16931."""
