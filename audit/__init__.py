"""What must always hold (design.md §7): each invariant one named query that finds no row, for `facteur check`, the
dashboard and whoever watches."""
