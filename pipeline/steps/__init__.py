"""The steps of a feed's life, one a file: each claims rows, calls one room, and writes what came of it."""
