"""Bank statements, notifications and intraday reports: camt.053, camt.054, camt.052."""
