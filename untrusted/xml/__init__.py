"""XML of any encoding, parsed without entities or network and under limits."""
