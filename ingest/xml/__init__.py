"""Reads XML feeds: a safe parser, a stream of invoices, and the mapper from elements to terms. `shapes/` is the fast
path without a parser."""
