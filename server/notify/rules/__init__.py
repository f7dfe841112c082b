"""What is true of messages: plain functions on plain values."""
