"""How accounts come from paper to paperless: how far each came, where they stop, and whether they stay."""
