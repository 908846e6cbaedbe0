"""What is kept about a person, for that person (GDPR articles 15 and 20): by category, with why it is kept, how long
and by which law."""
