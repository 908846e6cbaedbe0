"""Tells the fate of a bill, step by step, from its feed to the letter box."""
