"""Test sides: every issuer has a twin, on which it tries its feeds, and nothing of which reaches anybody."""
