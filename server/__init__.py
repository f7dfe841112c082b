"""Sổ Việc: the task ledger of a public office."""

__version__ = "0.1.0"
