"""Database: leases, state changes, events, bulk inserts, migrations and the wake-up signal."""
