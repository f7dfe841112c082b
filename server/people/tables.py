"""What is stored of the organisation."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Unit(Table):
    """A unit of the tree; ``kind`` is outer (an agency above), centre, leadership or room."""

    id = Varchar(length=36, primary_key=True, default=None)
    name = Text(default="")
    short = Varchar(length=40, default="")
    parent = Varchar(length=36, default=None, null=True)
    kind = Varchar(length=12, default="room")
    sort = Integer(default=0)
    active = Boolean(default=True)


class Person(Table):
    """Somebody who works here."""

    id = Varchar(length=36, primary_key=True, default=None)
    username = Varchar(length=60, unique=True, default="")
    name = Text(default="")
    position = Varchar(length=20)
    unit = Varchar(length=36, default=None, null=True)
    rank = Integer(default=0)
    active = Boolean(default=True)
    demo = Boolean(default=False)
    since = Timestamptz(default=None, null=True)


class Field(Table):
    """A field of work (lĩnh vực), in one of five groups."""

    id = Varchar(length=36, primary_key=True, default=None)
    name = Text(default="")
    field_group = Text(default="")
    source = Text(default="")
    sort = Integer(default=0)
    active = Boolean(default=True)


class Oversight(Table):
    """A leader who follows a room or a group of fields from one day to another (R2)."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    unit = Varchar(length=36, default=None, null=True)
    field_group = Text(default=None, null=True)
    since = Date(default=None)
    until = Date(default=None, null=True)


class Delegation(Table):
    """An authorisation (ủy quyền): from whom, to whom, which powers, over what, from when to when, by which document (R3)."""

    id = Varchar(length=36, primary_key=True, default=None)
    giver = Varchar(length=36)
    receiver = Varchar(length=36)
    powers = Varchar(length=120)
    unit = Varchar(length=36)
    since = Date(default=None)
    until = Date(default=None, null=True)
    document = Text(default="")
