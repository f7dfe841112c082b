"""The invented office: its people, its fields of work and a year of its history, all from data and a seed."""
