"""PDFs: opened in a child process, with an invoice inside or with an index beside them."""
