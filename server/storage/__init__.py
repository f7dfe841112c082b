"""Engines, the transaction, the one door, the change feed and the outbox."""
