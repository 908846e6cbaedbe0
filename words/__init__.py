"""Words and dates in the reader's language (French, English). Imports no other room."""
