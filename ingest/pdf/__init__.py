"""Reads PDF feeds: Factur-X (PDF with its invoice as XML inside), and archives of PDFs with an index. PDFs are opened
in the sandbox."""
