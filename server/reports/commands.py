"""Every command of the area: importing this registers them."""

from server.ledger import fold
from server.reports.filed import commands as filed
from server.reports.filed import jobs as filing
from server.reports.making import commands as making

__all__ = ["filed", "filing", "fold", "making"]
