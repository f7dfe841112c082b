"""Units, people, positions, oversight, delegation; who may do what."""
