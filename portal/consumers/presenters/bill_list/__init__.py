"""What the list of bills shows: rows, sums, filters, where words were found."""
