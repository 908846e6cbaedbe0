"""The life of a feed: read, release, render, choose, send, print, hear back, measure; the worker around it."""
