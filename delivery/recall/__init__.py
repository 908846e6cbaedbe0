"""Takes a bill back that has not reached its customer yet."""
