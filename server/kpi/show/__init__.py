"""From sheets, rooms, periods and rule sets to what their pages show: texts, never arithmetic."""
