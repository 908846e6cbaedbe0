"""What staff find bills by: parts of a bill's number, of a customer's name and contract, an amount, an address."""
