"""Pages of feeds: bringing one in, the list, one feed's report, its items."""
