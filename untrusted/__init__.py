"""What others send, read without trusting it: XML, JSON, gzip, text encodings and values, under limits; and the URLs
that they name, asked without reaching anything private. Every fault of a file is a finding with its place. Knows bill
and words."""
