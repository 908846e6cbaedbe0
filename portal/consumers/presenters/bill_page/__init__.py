"""What a bill's page says, part by part."""
