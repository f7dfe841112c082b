"""The inbox: what a person was told, kept for sixty days."""
