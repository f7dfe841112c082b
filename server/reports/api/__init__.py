"""Reports, tasks and scores as JSON for the province's systems (docs/api.md)."""
