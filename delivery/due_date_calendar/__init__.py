"""The calendar of a person's due dates, as calendar programs read it (RFC 5545, RFC 7986)."""
