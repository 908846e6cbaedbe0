"""What others send, read without trusting it: XML, JSON, gzip, text encodings and values, under limits. Every fault is
a finding with its place. Knows bill and words."""
