"""Measurements, not tests: ``make bench`` prints them with their spread. Nothing here is asserted."""
