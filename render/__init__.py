"""Bill + brand -> PDF bytes. Pure: no database, no network, no clock."""
