"""Excel files of the area: out in the forms of the handbook, in with every doubt named."""
