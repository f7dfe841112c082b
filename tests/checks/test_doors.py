"""One door: every change is a command, in a transaction that only server/storage opens."""

import ast
import re
from functools import cache
from pathlib import PurePosixPath

from tests.checks import source

#: Where tables are written: the handlers of commands, the storage under them, migrations, and the invented office.
MAY_WRITE = ("server/storage/", "server/schema/", "server/demo/")
#: Contents of files, which hang on nothing yet. No command of the door: a client may push every command, and "this content is mine" would
#: open any file to whoever knows its hash. `intake` has read the bytes; `jobs` removes what nobody used.
ABOUT_LOOSE_FILES = ("server/files/intake.py", "server/files/jobs.py")
#: The full-text index, which handlers keep in step with what they write.
INDEXES = ("server/tasks/search.py",)
#: What goes with every command that touches a task, before its transaction is sealed (`before_seal`).
WITH_EVERY_COMMAND = ("server/ledger/hook.py",)
#: Where a transaction is opened: migrations bring the tables that the storage needs.
MAY_OPEN = ("server/storage/", "server/schema/", *ABOUT_LOOSE_FILES)
#: Many commands as one transaction.
MAY_BUNDLE = ("server/storage/", "server/schema/", "server/demo/", "server/plans/", "server/cli/")
WRITES = {"insert", "update", "delete", "save", "remove", "raw", "create_table", "alter"}
SQL_WRITES = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO)\b", re.IGNORECASE)


@cache
def tables() -> set[str]:
    """The names of the classes that are stored."""
    return {
        node.name
        for name in source.files(".py", "server")
        for node in source.tree(name).body
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Table" for base in node.bases)
    }


def is_handler(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name == "commands.py" or "commands" in path.parent.parts


@cache
def handlers() -> set[str]:
    """Modules that carry out commands, whatever they are called: those that register one with `@handles`."""
    return {name for name in source.files(".py", "server") if any(source.called(call) == "handles" for call in source.calls(name))}


def writes(name: str) -> list[str]:
    """Where a module writes a table."""
    stored = tables()
    found = [
        f"{name}:{call.lineno}: {ast.unparse(call.func)}"
        for call in source.calls(name)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in stored
    ]
    return found + [
        f"{name}:{node.lineno}: {node.value[:40]!r}"
        for node in source.strings(name)
        if isinstance(node.value, str) and SQL_WRITES.match(node.value)
    ]


def test_the_tables_are_found():
    assert len(tables()) >= 5, "the checks below would find nothing"


def opens_a_transaction(call: ast.Call) -> bool:
    """`transaction(…)`, `Task._meta.db.transaction()`, or the engine's own `current().write()`."""
    return source.called(call) in {"transaction", "atomic"} or ast.unparse(call.func) == "current().write"


def test_only_the_storage_opens_a_transaction():
    found = [
        f"{name}:{call.lineno}"
        for name in source.files(".py", "server", "sync")
        if not name.startswith(MAY_OPEN)
        for call in source.calls(name)
        if opens_a_transaction(call)
    ]
    assert found == []


def test_commands_are_bundled_only_where_they_belong_together():
    found = [
        f"{name}:{call.lineno}"
        for name in source.files(".py", "server", "sync")
        if not name.startswith(MAY_BUNDLE) and name not in handlers() and not is_handler(name)
        for call in source.calls(name)
        if source.called(call) == "together"
    ]
    assert found == []


def test_only_commands_write_tables():
    allowed = handlers()
    found = [
        line
        for name in source.files(".py", "server", "sync")
        if not name.startswith((*MAY_WRITE, *ABOUT_LOOSE_FILES, *INDEXES, *WITH_EVERY_COMMAND))
        and not is_handler(name)
        and name not in allowed
        for line in writes(name)
    ]
    assert found == []
