"""The demo's bills and feeds: billing days, tariffs, files, mishaps."""
