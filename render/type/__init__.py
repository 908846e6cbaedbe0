"""Typography: fonts and their subsets, text styles, line breaking."""
