"""Rows → the context of a template: plain values, ready to show, the same for the server and for the browser's copy (issue B)."""
