"""The state of the centre, of a room, of one's own work: this moment, live."""
