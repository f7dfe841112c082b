"""The office's own record as the two tables that models are made for."""
