"""A person's due dates as a calendar that his phone fetches (RFC 5545)."""
