"""The demo's people, simulated: consumers, operator, print house."""
