"""The parts of a bill's page, each laid out by a function."""
