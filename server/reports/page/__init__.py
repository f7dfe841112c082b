"""The report as a page: what is asked for, how it is drawn, and the list of tasks behind each number."""
