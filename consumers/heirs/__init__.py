"""Heirs: a named person records who settles the account of somebody who has died, and ends it."""
