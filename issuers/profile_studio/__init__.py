"""The profile studio: what a sample file holds, the profile that a member makes of it, and what it would read."""
