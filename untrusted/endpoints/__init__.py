"""URLs that others named for us to send to: checked, resolved, and asked without reaching anything private."""
