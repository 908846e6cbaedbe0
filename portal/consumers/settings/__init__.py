"""Settings: the person, their language, and how they hear of bills."""
