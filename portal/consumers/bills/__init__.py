"""Bills: the list of all of them, and the pages of one."""
