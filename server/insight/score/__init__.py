"""Suggested scores of finished work, and the check of a report before it is sent (R11)."""
