"""The demo's simulated people: consumers, operator, print house."""
