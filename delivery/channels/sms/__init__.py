"""SMS: what a message says in one segment, the provider it is handed to, and what the provider answers."""
