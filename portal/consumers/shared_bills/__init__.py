"""Pages of access grants: who reads my bills, inviting somebody, and the bills that others let me read."""
