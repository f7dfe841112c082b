"""Every part of the copy, in its order."""

from server.reports.person.parts.office import OFFICE
from server.reports.person.parts.scores import SCORES
from server.reports.person.parts.told import TOLD
from server.reports.person.parts.work import WORK
from server.reports.person.shapes import Part

PARTS: tuple[Part, ...] = (*OFFICE, *WORK, *SCORES, *TOLD)
