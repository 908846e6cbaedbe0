"""Who may read a holder's bills besides them: grants, their contracts, and which bills they open."""
