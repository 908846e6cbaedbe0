"""Addressing of letters: countries by their postal names, the order of an address in each, and lines that fit a
window."""
