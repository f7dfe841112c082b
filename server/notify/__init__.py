"""Messages: where each goes, that it arrives once, and what the channels say. It hears of events; nobody below calls it."""
