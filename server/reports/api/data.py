"""/api/v1/…: what other systems ask for. No session and no cookie: a key in the header of each request."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation
from litestar.response import Response

from server.calendar.current import refresh
from server.errors import Refusal
from server.keys.use import note_use
from server.kpi import rights
from server.kpi.rules.ruleset import PeriodKind
from server.ledger.grains import Period
from server.reports.api import build, queries
from server.reports.api.asks import SAID, FiledAsk, Nothing, ReportAsk, ScoresAsk, TasksAsk, read
from server.reports.api.guard import Caller, Meter, admitted
from server.reports.api.hand import HANDLERS, hand_out
from server.reports.api.operations import FILED_LIST, FILED_ONE, REPORT, SCORES, TASK, TASKS, UNITS, Operation
from server.reports.build import asked_for, report_of
from server.reports.filed.queries import filed
from server.storage.ids import LOCAL, is_id
from server.tasks.queries.one import id_of
from server.web.office import office_of
from server.web.replies import AnyRequest

METER: Final = Meter()
#: What scores are made of.
SCORED: Final[dict[str, PeriodKind]] = {"m": "month", "q": "quarter"}

By = NamedDependency[SkipValidation[Caller]]
A = TypeVar("A", bound=msgspec.Struct)


async def by_key(request: AnyRequest) -> Caller:
    """The one door: the key in the header, whether it opens this operation, how often it asks; its use is noted."""
    operation: Operation = request.route_handler.opt["operation"]
    caller = await admitted(request.headers.get("authorization", ""), operation.scope, office_of(request).clock(), METER)
    await note_use(caller.key, caller.now)
    await refresh()
    return caller


def asked(request: AnyRequest, kind: type[A]) -> A:
    """The parameters of the address."""
    return read(request.query_params.multi_items(), kind)


@get(UNITS.path, operation=UNITS)
async def units(request: AnyRequest, by: By) -> Response[bytes]:
    """The key's unit and everything below it."""
    asked(request, Nothing)
    found = build.units(by)
    return await hand_out(request, by, found, len(found.units), keep=True)


@get(REPORT.path, operation=REPORT)
async def report(request: AnyRequest, by: By) -> Response[bytes]:
    """The report that the page draws."""
    wanted = asked(request, ReportAsk)
    unit, period = asked_for(wanted.period, by.unit_of(wanted.unit).id, by.now, by.directory)
    made = await report_of(unit.id, period, by.now)
    return await hand_out(request, by, build.report_answer(made), 1, keep=not made.running)


@get(FILED_LIST.path, operation=FILED_LIST)
async def filed_list(request: AnyRequest, by: By) -> Response[bytes]:
    """Fixed reports, the oldest first."""
    page = await queries.filed(by, asked(request, FiledAsk))
    return await hand_out(request, by, build.filed_list(by, page), len(page.rows))


@get(FILED_ONE.path.replace("{id}", "{name:str}"), operation=FILED_ONE)
async def filed_one(request: AnyRequest, by: By, name: FromPath[str]) -> Response[bytes]:
    """A fixed report, whole; a draft is not there."""
    asked(request, Nothing)
    found = await filed(name) if is_id(name) else None
    if found is None or found.line.state != "fixed" or not by.within(found.line.unit):
        raise Refusal("not_found", "api.filed_unknown")
    return await hand_out(request, by, build.filed_answer(by, found), 1, keep=True)


@get(TASKS.path, operation=TASKS)
async def tasks(request: AnyRequest, by: By) -> Response[bytes]:
    """Tasks of a unit in the order of their last change."""
    today = by.now.astimezone(LOCAL).date()
    page = await queries.tasks(by, asked(request, TasksAsk), today)
    return await hand_out(request, by, build.task_list(by, page, today), len(page.rows))


@get(TASK.path.replace("{id}", "{name:str}"), operation=TASK)
async def task(request: AnyRequest, by: By, name: FromPath[str]) -> Response[bytes]:
    """One task, by its identifier or its number."""
    asked(request, Nothing)
    today = by.now.astimezone(LOCAL).date()
    wanted = await id_of(name)
    found = await queries.task(by, wanted, today) if wanted else None
    if found is None:
        raise Refusal("not_found", "api.task_unknown")
    return await hand_out(request, by, build.task(by.directory, found, today), 1)


@get(SCORES.path, operation=SCORES)
async def scores(request: AnyRequest, by: By) -> Response[bytes]:
    """What was published of a month or a quarter."""
    wanted = asked(request, ScoresAsk)
    period, kind = _scored(wanted.period)
    closed = await queries.scored_period(kind, period)
    within = [one for one in by.directory.units if by.within(one)]
    found = await queries.scores(closed["id"], within) if closed else []
    chain = await rights.raters(by.now.astimezone(LOCAL).date())
    answer = build.score_list(by, period, closed, found, chain)
    return await hand_out(request, by, answer, len(answer.scores))


def _scored(code: str) -> tuple[Period, PeriodKind]:
    try:
        period = Period.read(code)
        return period, SCORED[period.grain]
    except (ValueError, KeyError):
        raise Refusal("invalid", "api.bad_month", field="period", given=code[:SAID]) from None


HANDLED: Final[list[Any]] = [units, report, filed_list, filed_one, tasks, task, scores]
router = Router(path="/", route_handlers=HANDLED, dependencies={"by": Provide(by_key)}, exception_handlers=HANDLERS)
