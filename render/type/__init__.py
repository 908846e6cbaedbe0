"""Type: fonts, their subsets, text styles, line breaking."""
