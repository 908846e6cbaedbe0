"""Campaigns: households are invited to follow their bills on line, few times, with a tenth of them left alone so that
it can be told what inviting brings."""
