"""Every command of the area: importing this registers them."""

from server.ledger import fold

__all__ = ["fold"]
