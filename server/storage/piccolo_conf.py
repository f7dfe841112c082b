"""Where Piccolo looks for the engine and the migrations."""

from piccolo.conf.apps import AppRegistry

#: The engine in use; ``server.storage.engine.use`` sets it.
DB = None

APP_REGISTRY = AppRegistry(apps=["server.schema.piccolo_app"])
