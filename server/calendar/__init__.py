"""Working days of the office."""
