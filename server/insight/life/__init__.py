"""Which model is in force, how it learns from this office's own record, and how it is put back (docs/models.md)."""
