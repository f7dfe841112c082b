"""Which words the command line understands, and how it ends: 0 well, 1 something is wrong, 2 it was asked wrongly."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from server.cli.ending import Ending
from server.errors import Refusal
from server.settings import BadSetting, Settings, read
from server.words import say

POSITIONS = ("director", "deputy_director", "head", "deputy_head", "officer", "admin")


class Parser(argparse.ArgumentParser):
    """Says in one sentence what was wrong."""

    def error(self, message: str) -> NoReturn:
        """End with 2."""
        print(say("cli.bad_usage", why=message), file=sys.stderr)
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """Every word and option."""
    top = Parser(prog="python -m server", description=say("cli.help.top"))
    words = top.add_subparsers(dest="word", required=True, metavar=say("cli.help.word"), parser_class=Parser)
    running = words.add_parser("run", help=say("cli.help.run"))
    running.add_argument("--demo", action="store_true", help=say("cli.help.run_demo"))
    words.add_parser("worker", help=say("cli.help.worker")).add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    words.add_parser("migrate", help=say("cli.help.migrate"))
    words.add_parser("demo", help=say("cli.help.demo"))
    words.add_parser("doctor", help=say("cli.help.doctor"))
    user = words.add_parser("user", help=say("cli.help.user")).add_subparsers(dest="what", required=True, parser_class=Parser)
    add = user.add_parser("add", help=say("cli.help.user_add"))
    add.add_argument("username")
    add.add_argument("--name", required=True, help=say("cli.help.name"))
    add.add_argument("--position", required=True, choices=POSITIONS, help=say("cli.help.position"))
    add.add_argument("--unit", help=say("cli.help.unit"))
    add.add_argument("--rank", type=int, help=say("cli.help.rank"))
    password = user.add_parser("password", help=say("cli.help.user_password"))
    password.add_argument("username")
    for one in (add, password):
        one.add_argument("--password-stdin", action="store_true", help=say("cli.help.password_stdin"))
        one.add_argument("--lasting", action="store_true", help=say("cli.help.lasting"))
    for name in ("disable", "enable"):
        user.add_parser(name, help=say(f"cli.help.user_{name}")).add_argument("username")
    model = words.add_parser("model", help=say("cli.help.model")).add_subparsers(dest="what", required=True, parser_class=Parser)
    for name in ("card", "train", "rollback"):
        model.add_parser(name, help=say(f"cli.help.model_{name}"))
    model.add_parser("promote", help=say("cli.help.model_promote")).add_argument("version")
    plan = words.add_parser("import-plan", help=say("cli.help.import_plan"))
    plan.add_argument("file", type=Path)
    plan.add_argument("--json", action="store_true", help=say("cli.help.json"))
    plan.add_argument("--yes", action="store_true", help=say("cli.help.yes"))
    plan.add_argument("--as", dest="username", help=say("cli.help.as"))
    return top


def main(words: Sequence[str]) -> int:
    """Do what is asked; the number to end with."""
    asked = parser().parse_args(words)
    try:
        return _do(asked, read())
    except BadSetting as problem:
        print(say("cli.bad_setting", why=problem), file=sys.stderr)
        return 2
    except (Refusal, Ending) as problem:
        print(problem, file=sys.stderr)
        return problem.number if isinstance(problem, Ending) else 1
    except KeyboardInterrupt:
        return 130


def _do(asked: argparse.Namespace, settings: Settings) -> int:
    # Each word loads only what it needs: the server is up sooner, and a mistyped word answers at once.
    if asked.word == "run":
        from server.cli.run import run

        return run(settings, demo=asked.demo)
    if asked.word == "worker":
        from server.cli.worker import run_worker

        return run_worker(settings, child=asked.child)
    if asked.word == "doctor":
        from server.cli.doctor import doctor

        return asyncio.run(doctor(settings))
    if asked.word == "import-plan":
        from server.cli.plans import import_plan

        return asyncio.run(import_plan(settings, asked.file, as_json=asked.json, create=asked.yes, username=asked.username))
    if asked.word == "model":
        from server.cli.model import model

        return asyncio.run(model(settings, asked))
    if asked.word == "user":
        from server.cli import users

        return asyncio.run(users.user(settings, asked))
    from server.cli import database

    return asyncio.run(database.migrate(settings) if asked.word == "migrate" else database.demo(settings))
