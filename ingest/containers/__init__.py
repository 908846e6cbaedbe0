"""Containers: a ZIP, a tar, a gzip, and the manifest that says what is in one."""
