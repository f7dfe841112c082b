"""Every page of foresight."""

from server.insight.load import pages as load
from server.insight.pages import leave, morning
from server.insight.proposals import pages as proposals

routes = [*morning.routes, *load.routes, *leave.routes, *proposals.routes]
