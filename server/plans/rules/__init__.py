"""What a plan's cells mean: plain functions on plain values."""
