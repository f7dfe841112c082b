"""``user``: people and their passwords, by whoever sits at the server."""

import argparse
import getpass
import sys

from server.accounts import rules
from server.accounts.commands import Disable, Enable, SetPassword
from server.accounts.passwords import hash_password
from server.accounts.queries import account
from server.cli.database import opened
from server.cli.ending import Ending
from server.notify.webpush import commands as browsers
from server.people.commands import AddPerson, DisablePerson, EnablePerson
from server.people.directory import Profile
from server.people.queries import directory
from server.settings import Settings
from server.storage.door import Command, carry_out
from server.storage.ids import new_id, utc_now
from server.storage.transaction import together
from server.words import say

#: Importing it registers what an account that ends means for the browsers that show its messages.
_REGISTERED = browsers


async def _do(*asked: Command) -> None:
    async with together():
        for one in asked:
            await carry_out(one, actor=None, now=utc_now(), source="cli")


def _password(asked: argparse.Namespace) -> str:
    """The password, typed twice or the first line of the standard input. Raises Ending for a weak one."""
    if asked.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"{say('cli.ask_password')} ")
        if password != getpass.getpass(f"{say('cli.ask_again')} "):
            raise Ending(say("accounts.password_twice"), 2)
    weak = rules.weakness(password, asked.username)
    if weak:
        raise Ending(say(weak), 2)
    return password


async def _find(username: str) -> Profile:
    profile = (await directory()).by_username(username)
    if profile is None:
        raise Ending(say("cli.no_user", username=username), 2)
    return profile


async def _unit(short: str | None) -> str | None:
    if short is None:
        return None
    units = (await directory()).units.values()
    found = next((unit for unit in units if short.casefold() in (unit.short.casefold(), unit.name.casefold())), None)
    if found is None:
        raise Ending(say("cli.no_unit", unit=short, units=", ".join(unit.short for unit in units) or "–"), 2)
    return found.id


async def _add(asked: argparse.Namespace) -> None:
    known = await directory()
    unit = await _unit(asked.unit)
    rank = asked.rank if asked.rank is not None else max((one.rank for one in known.people.values()), default=0) + 1
    person = new_id()
    password_hash = await hash_password(_password(asked))
    await _do(
        AddPerson(id=person, username=asked.username, name=asked.name, position=asked.position, unit=unit, rank=rank),
        SetPassword(person=person, password_hash=password_hash, must_change=not asked.lasting),
    )
    print(say("cli.user_added", username=asked.username))


async def _change_password(asked: argparse.Namespace) -> None:
    profile = await _find(asked.username)
    password_hash = await hash_password(_password(asked))
    await _do(SetPassword(person=profile.id, password_hash=password_hash, must_change=not asked.lasting))
    print(say("cli.password_set", username=asked.username))


async def _switch(username: str, on: bool) -> None:
    profile = await _find(username)
    asked: list[Command] = [EnablePerson(person=profile.id) if on else DisablePerson(person=profile.id)]
    if await account(profile.id) is not None:
        asked.append(Enable(person=profile.id) if on else Disable(person=profile.id))
    await _do(*asked)
    print(say("cli.user_enabled" if on else "cli.user_disabled", username=username))


async def user(settings: Settings, asked: argparse.Namespace) -> int:
    """Add somebody, set a password, switch off and on."""
    async with opened(settings):
        if asked.what == "add":
            await _add(asked)
        elif asked.what == "password":
            await _change_password(asked)
        else:
            await _switch(asked.username, asked.what == "enable")
    return 0
