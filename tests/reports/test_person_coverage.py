"""Nothing about people is forgotten: every table and every column with a person in it is in the copy, or left out for a reason."""

from piccolo.columns import BigInt, Boolean, Date, Integer, Serial, Text, Timestamptz, Varchar

from server.reports.person.labels import column_name, part_name
from server.reports.person.parts import PARTS
from server.reports.person.parts.left_out import COLUMNS, TABLES
from server.reports.person.shapes import KINDS
from server.reports.person.trend import TREND
from server.schema.piccolo_app import APP_CONFIG

STORED = {table._meta.tablename: {one._meta.db_column_name: one for one in table._meta.columns} for table in APP_CONFIG.table_classes}

#: Columns as wide as an identifier that name a thing, not a person. One that names people belongs into ``shapes.KINDS`` as "person".
THINGS = {
    "id", "task", "unit", "field", "product", "parent", "plan", "report", "comment", "catalogue", "standard", "period", "subject",
    "replaces", "rules", "client", "delivery", "message", "address", "claim",
}  # fmt: skip
#: In these tables such a column is what the part finds the person by.
SUBJECTS = {"person.id", "load.id", "audit_entry.subject"}
#: Values in a database that are read so; the rest are texts.
READ_AS = {Timestamptz: {"moment"}, Date: {"day"}, Boolean: {"yes_no"}}
NUMBERS = {"number", "thousandths", "millionths", "bytes", "minutes", "ordinal"}


def people_of(table: str) -> set[str]:
    """The columns of a table that name a person."""
    return {name for name in STORED[table] if KINDS.get(name) == "person" or f"{table}.{name}" in COLUMNS or f"{table}.{name}" in SUBJECTS}


def test_every_table_is_in_the_copy_or_left_out_for_a_reason():
    parts = {part.table for part in PARTS}
    assert set(STORED) - parts - set(TABLES) == set(), "add a part, or say in left_out.py why not"
    assert set(TABLES) - set(STORED) == set()
    assert parts & set(TABLES) == set()
    assert all(TABLES.values()) and all(COLUMNS.values())


def test_every_identifier_is_known_as_a_person_or_as_a_thing():
    unknown = {
        f"{table}.{name}"
        for table, columns in STORED.items()
        if table not in TABLES
        for name, column in columns.items()
        if isinstance(column, Varchar) and column.length == 36 and KINDS.get(name) != "person" and name not in THINGS
    } - set(COLUMNS)
    assert unknown == set(), "say in shapes.KINDS that it is a person, or in THINGS that it is not"


def test_every_column_with_a_person_finds_its_rows_or_is_left_out_for_a_reason():
    found = {f"{part.table}.{column}" for part in PARTS for column in part.mine}
    wanted = {f"{part.table}.{name}" for part in PARTS for name in people_of(part.table)}
    assert wanted - found - set(COLUMNS) == set()
    assert found & set(COLUMNS) == set()


def test_every_column_of_a_part_is_given_or_hidden():
    for part in PARTS:
        told = [*part.columns, *part.hides]
        assert len(told) == len(set(told)), part.name
        assert set(told) == set(STORED[part.table]), part.name


def test_every_column_is_read_as_it_is_stored():
    wrong = []
    for part in PARTS:
        for name in part.columns:
            column = STORED[part.table][name]
            kinds = READ_AS.get(type(column), NUMBERS if isinstance(column, Integer | BigInt | Serial) else None)
            kind = part.kind(name)
            stored_as_text = isinstance(column, Text | Varchar)
            if (kinds and kind not in kinds) or (stored_as_text and kind in NUMBERS | {"moment", "day", "yes_no"}):
                wrong.append(f"{part.name}.{name}: {kind}")
    assert wrong == []


def test_no_secret_is_in_the_copy():
    given = {column for part in PARTS for column in part.columns}
    assert not given & {"password_hash", "hash", "code_hash", "fingerprint", "secrets"}
    assert "id" not in next(part for part in PARTS if part.table == "session").columns


def test_every_sheet_has_a_name_of_its_own_and_so_has_every_column_in_it():
    names = [part_name(part) for part in (*PARTS, TREND)]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 27 for name in names), "a sheet's name has 31 letters, and a number behind it"
    for part in (*PARTS, TREND):
        heads = [column_name(part, column) for column in part.shown]
        assert len(set(heads)) == len(heads), part.name
