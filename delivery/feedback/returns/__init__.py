"""How returned mail is told: by the print house's files, by operators' files, by the mark that a scanner reads."""
