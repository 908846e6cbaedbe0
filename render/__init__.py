"""Draws bills as PDF: a bill and a brand in, PDF bytes out. Pure: no database, no network, no clock."""
