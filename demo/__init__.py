"""A world to look at: issuers, people, thirteen months of feeds from one seed. It enters by the doors, like anybody."""
