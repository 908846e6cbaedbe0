"""What each trade charges for: one file a trade, from a contract and a month to the lines of a bill."""
