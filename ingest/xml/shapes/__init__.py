"""Fast path: XML documents with markup seen before in the feed are read without a parser. Entered through
`ShapeCache`."""
