"""Every figure of adoption, defined once: what it counts, over what, in which unit, and by whose definition."""
