"""Tariffs, one file for each trade: a contract and a month in, bill lines out."""
