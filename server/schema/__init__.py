"""All tables of all areas as one Piccolo app, and the migrations that make them."""
