"""The sections of a report, each from what was read: lines, the sum, a sentence that says what they show."""
