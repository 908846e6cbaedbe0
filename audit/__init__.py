"""What must always hold (docs/promises.md): each invariant one named query that finds no row, for `facteur check`, the
dashboard and whoever watches."""
