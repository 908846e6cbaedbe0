"""Who may enter, and how often: sessions, route policy, rate limits, security headers."""
