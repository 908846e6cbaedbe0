"""Forms of an issuer's own, read by its profile: delimited and fixed records, JSON, XML without a standard."""
