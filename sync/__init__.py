"""The server's side of the sync protocol (``docs/sync.md``): push, pull, events. Files are in ``server/files``."""
