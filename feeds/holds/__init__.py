"""Hold checks: reasons for which a feed waits for a named person before its bills are released."""
