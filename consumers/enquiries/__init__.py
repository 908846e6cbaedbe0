"""Questions to an issuer about a bill: asked by a holder of its account, answered by a named member of the issuer."""
