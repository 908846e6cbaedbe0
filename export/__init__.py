"""Writes bills as e-invoices in the syntaxes of EN 16931. Knows only `bill`."""
