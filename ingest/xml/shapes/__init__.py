"""Fast path: XML documents of a shape seen before are read without a parser."""
