"""Tests of webhooks: signatures, addresses, and deliveries to a real receiver on loopback."""
