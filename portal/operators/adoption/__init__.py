"""Pages about who goes digital: curves against the plan with their forecast, and the plan's form."""
