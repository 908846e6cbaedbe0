"""Pages of the calendar of due dates."""
