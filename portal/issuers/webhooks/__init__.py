"""Pages of the addresses that an issuer is told of events at, and of what was sent there."""
