"""What is true of reports and of suggested scores: plain functions on plain values."""
