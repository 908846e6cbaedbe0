"""Reads an issuer's own formats by its profile: delimited (CSV), fixed width, header-and-detail records, JSON, and XML
of no standard."""
