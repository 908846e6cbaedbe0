"""Pages of a campaign's invitation: what it is about, and how to get no more."""
