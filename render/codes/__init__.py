"""Encoders of two-dimensional barcodes: QR and DataMatrix. They import no other room."""
