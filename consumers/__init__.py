"""Consumers: claim an account with a code, hold it together, consent to no paper, suspend a holder."""
