"""Push notifications of browsers: what they say, encrypted to each device of a person, and handed to its push service
(RFC 8030, 8291, 8292)."""
