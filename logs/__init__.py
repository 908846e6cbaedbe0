"""What programs write while they work: for whoever runs the service, never a bill's content or a person's address."""
