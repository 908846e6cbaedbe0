"""Paper: print batches, letters, manifests, handover to the print house."""
