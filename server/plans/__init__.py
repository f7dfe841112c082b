"""Plan documents → rows understood. Nothing here stores anything."""
