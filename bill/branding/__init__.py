"""What makes a bill's pages the issuer's own: colours, typeface, parts of the page. Data only."""
