"""Audit: invariant checks over the store, run by `facteur check` and shown on the dashboard.

Each check is a named query that must return no row (docs/promises.md).
"""
