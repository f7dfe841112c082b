"""Files of reports that take a while: asked for on a page, made by a process of its own, fetched when they are ready."""
