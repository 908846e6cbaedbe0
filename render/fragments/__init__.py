"""Fast path (docs/fast-paths.md): page fragments that are drawn once and filled in for many bills."""
