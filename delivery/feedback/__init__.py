"""Feedback on deliveries: views, bounces, returned letters, the print house's acknowledgements."""
