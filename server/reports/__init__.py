"""Figures, pages, workbooks, papers, and a copy of what is kept of one person."""
