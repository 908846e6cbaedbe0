"""The operators' room: tonight, workers and jobs, issuers, people, who did what."""
