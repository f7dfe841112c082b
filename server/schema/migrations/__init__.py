"""Migrations, in the order of their identifiers; Piccolo runs them on both engines."""
