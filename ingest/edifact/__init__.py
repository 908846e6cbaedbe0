"""Reads UN/EDIFACT INVOIC (ISO 9735; directories D.96A to D.16B) into bills: segments, the interchange around the
messages, and the message."""

from ingest.edifact.interchange import read_edifact

__all__ = ["read_edifact"]
