"""Campaigns that invite households to follow their bills on line: what was planned, whom each invited, and who stopped
that."""
