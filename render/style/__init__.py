"""How a brand's pages look: colours, type styles, number formats."""
