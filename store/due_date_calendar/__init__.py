"""What calendars are told of due dates."""
