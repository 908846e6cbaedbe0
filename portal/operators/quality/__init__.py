"""Pages of data quality: what keeps coming back in an issuer's feeds, whether it gets better, and what it costs."""
