"""Reports that are kept: made on time or by hand, with their text; fixed, they have a number and never change."""
