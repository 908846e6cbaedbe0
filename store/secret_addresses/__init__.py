"""Addresses that open something to whoever knows them: a person's calendar, a person's mailbox for bills."""
