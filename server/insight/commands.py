"""Every command of the area: importing this registers them."""

from server.insight.life import commands as life
from server.insight.load import commands as load
from server.insight.proposals import commands as proposals
from server.insight.risk import commands as risk
from server.insight.score import commands as score

__all__ = ["life", "load", "proposals", "risk", "score"]
