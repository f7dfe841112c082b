"""What the pages of channels and choices show."""
