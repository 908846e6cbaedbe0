"""The look of a brand's pages: colours, text styles, number formats."""
