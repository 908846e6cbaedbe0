"""A world to look at: issuers, people and thirteen months of feeds from one seed. It enters by the doors, like anybody."""
