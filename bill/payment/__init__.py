"""What is to pay: amounts due, set-off, payment instructions and payment codes. Pure."""
