"""What the outside answers: views, bounces, returned mail, the print house's acknowledgements."""
