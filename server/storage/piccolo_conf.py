"""Where Piccolo looks for the engine and the migrations."""

from typing import Any

from piccolo.conf.apps import AppRegistry
from piccolo.engine.base import Engine

#: The engine in use; ``server.storage.engine.use`` sets it.
DB: Engine[Any] | None = None

APP_REGISTRY = AppRegistry(apps=["server.schema.piccolo_app"])
