"""Paper: print batches, letters, the files and manifest for the print house, its outbox."""
