"""Payment: amounts due, credit set-off, payment instructions and payment codes. Pure functions."""
