"""The calendar of the print house and the post: working days, holidays, regions."""
