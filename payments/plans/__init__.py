"""Payment plans: asked for by a customer, answered by the issuer."""
