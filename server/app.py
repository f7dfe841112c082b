"""Puts the parts together; the only file that knows them all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from litestar import Litestar, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.response import Response

from server.accounts import api as accounts_api
from server.accounts import pages as accounts_pages
from server.accounts.brake import Brake
from server.calendar import pages as calendar_pages
from server.files import api as files_api
from server.files.store import Store
from server.insight import routes as insight_pages
from server.keys import pages as keys_pages
from server.kpi import pages as kpi_pages
from server.notify import pages as notify_pages
from server.notify.bell import Bell
from server.notify.telegram import pages as telegram_hook
from server.notify.zalo import pages as zalo_pages
from server.people import pages as people_pages
from server.plans import pages as plans_pages
from server.plans import reader as plan_reader
from server.printing.printer import printer
from server.reports import commands as _registers_reports  # noqa: F401  (registers the commands)
from server.reports import routes as report_pages
from server.reports.dashboard.live import pulse
from server.reports.making.makers import Makers
from server.reports.person import jobs as export_jobs
from server.reports.person import making as export_making
from server.reports.person import pages as export_pages
from server.settings import Settings
from server.storage import engine
from server.storage.ids import utc_now
from server.tasks import pages as tasks_pages
from server.tasks.queries.scope import may_see
from server.web import device, errors, release
from server.web.assets import static_file
from server.web.office import Office
from server.web.replies import json
from server.web.viewer import viewer
from sync import api as sync_api
from sync.events import News

#: Besides its files a form holds texts, and a report may carry several pictures.
FORM_FILES = 4
FORM_TEXT = 1024 * 1024


@get("/healthz")
async def healthy() -> Response[bytes]:
    """For the container: the database answers."""
    await engine.row("SELECT 1 AS one")
    return json({"ok": True})


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Litestar:
    """The application over the database of these settings; the engine opens when it starts."""
    used = engine.use(engine.make(settings.database, settings.database_pool))

    files = files_api.Files(Store(settings.data / "files"), may_see, settings.upload_limit)

    news = News()
    bell = Bell(settings.redis_url)
    makers = Makers(settings, clock)
    office = Office(settings=settings, clock=clock, secret=settings.secret(), brake=Brake())

    @asynccontextmanager
    async def opened(_: Litestar) -> AsyncIterator[None]:
        await used.open()
        release.prepare(settings.upload_limit)
        await export_jobs.tidy(settings, clock())
        await makers.tidy()
        await news.open()
        await bell.open()
        yield
        await bell.close()
        await pulse.close()
        await news.close()
        await export_making.close()
        await makers.close()
        plan_reader.close()
        printer.close()
        await used.close()

    return Litestar(
        route_handlers=[
            static_file,
            *release.routes,
            healthy,
            *accounts_pages.routes,
            *accounts_api.routes,
            *people_pages.routes,
            *calendar_pages.routes,
            *tasks_pages.routes,
            *keys_pages.routes,
            *plans_pages.routes,
            *kpi_pages.routes,
            *insight_pages.routes,
            *report_pages.routes,
            *notify_pages.routes,
            *export_pages.routes,
            *zalo_pages.routes,
            *telegram_hook.routes(settings, clock),
            *device.routes,
            files_api.router(files),
            sync_api.router,
        ],
        dependencies={"viewer": Provide(viewer)},
        exception_handlers=errors.HANDLERS,
        state=State({"files": files, "news": news, "office": office, "makers": makers}),
        lifespan=[opened],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=settings.upload_limit * FORM_FILES + FORM_TEXT,
    )
