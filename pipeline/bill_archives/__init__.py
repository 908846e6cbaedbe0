"""Makes archives of a person's bills: one ZIP file with each bill's files, an index for people, one for spreadsheets
and one for programs, and the sums to check them by."""
