"""How every task stood, day by day, and the sums of it: what each figure of a report is counted from (docs/figures.md)."""
