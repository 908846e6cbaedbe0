"""Full-text search over bills: what is indexed, how a search is read, how its words are found and marked."""
