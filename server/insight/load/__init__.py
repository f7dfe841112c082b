"""Who carries how much in the next ten working days: arithmetic, not learned, and shown as such (R14)."""
