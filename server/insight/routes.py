"""Every page of foresight."""

from server.insight.life import pages as life
from server.insight.load import pages as load
from server.insight.pages import leave, morning
from server.insight.proposals import pages as proposals
from server.insight.risk import pages as risk
from server.insight.score import pages as score
from server.insight.trends import pages as trends

routes = [*morning.routes, *risk.routes, *load.routes, *leave.routes, *proposals.routes, *score.routes, *trends.routes, *life.routes]
