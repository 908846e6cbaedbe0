"""Words and dates in the reader's language: catalogues of sentences, lists of codes, labels of printed bills. Imports
no other room."""
