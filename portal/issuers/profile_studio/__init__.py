"""Pages of an issuer's profile: its versions, and the studio that makes a layout from a sample file."""
