"""Codes that machines read, as squares of dark and light modules: QR and DataMatrix. They know nobody."""
