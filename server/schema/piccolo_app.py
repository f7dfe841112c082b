"""What Piccolo's migrations know: every table of every area that has any."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from piccolo.conf.apps import AppConfig, table_finder

SERVER = Path(__file__).resolve().parent.parent
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
APP_NAME = "soviec"


def table_modules() -> list[ModuleType]:
    """``server.<area>.tables`` of every area, and those of the sync protocol."""
    names = [f"server.{path.parent.name}.tables" for path in sorted(SERVER.glob("*/tables.py"))]
    return [import_module(name) for name in (*names, "sync.tables")]


APP_CONFIG = AppConfig(
    app_name=APP_NAME,
    migrations_folder_path=str(MIGRATIONS),
    table_classes=table_finder(modules=[module.__name__ for module in table_modules()]),
)
