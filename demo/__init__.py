"""Demo data: simulated issuers, people and thirteen months of feeds from one seed. It uses the product's public
entrances."""
