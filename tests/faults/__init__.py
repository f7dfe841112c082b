"""The seeded simulator: devices and people, a line that fails, servers that are killed. See docs/development.md."""
