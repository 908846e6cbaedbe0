"""Webhooks: endpoints of issuers, and the signed requests that tell them of events (Standard Webhooks)."""
