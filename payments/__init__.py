"""What is due of bills that are kept."""
