"""Attachments: kept once by their content, known by their content, read only by those who may see the task."""
