"""Webhooks: other services are told what happened in a community, signed, and never who said what."""
