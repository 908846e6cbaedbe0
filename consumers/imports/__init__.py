"""People bring in bills of issuers who send nothing here: documents, and the issuers that each person keeps of them."""
