"""Heirs of accounts whose customer has died: who they are, on what document, since when."""
