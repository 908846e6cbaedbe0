"""Files that people save: what they are called, and tables that a spreadsheet may open."""
