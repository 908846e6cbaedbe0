"""People who leave: spaces that were closed, and changes of an e-mail address."""
