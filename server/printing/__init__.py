"""Papers: a template with its context becomes a PDF, in a process of its own."""
