"""Pages that stand above the folders of foresight: the morning, leave and standing duties."""
