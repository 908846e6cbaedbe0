"""The sections of a bill's page, each laid out by one module; `bill_layout` puts them together."""
