"""XML: one safe parser, a stream of invoices, shapes that need no parser, and the walk from elements to terms."""
