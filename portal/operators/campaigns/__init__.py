"""Pages of campaigns: the list, one with its wave and its accounts, and the form that writes a draft."""
