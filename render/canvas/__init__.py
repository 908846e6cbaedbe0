"""The drawing surface of a PDF page: coordinates, drawing operators, page breaks."""
