"""What is stored of scores. Points, coefficients and quantities are integers in thousandths."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class KpiCatalogue(Table):
    """A version of the list of products (Đ13): draft, in_force or replaced. One that was in force never changes."""

    id = Varchar(length=36, primary_key=True, default=None)
    number = Integer(default=1)
    name = Text(default="")
    document = Text(default="")
    document_date = Date(default=None, null=True)
    since = Date(default=None, null=True)
    until = Date(default=None, null=True)
    state = Varchar(length=10, default="draft")
    #: The product whose coefficient is 1.
    standard = Varchar(length=36, default=None, null=True)
    note = Text(default="")
    made_by = Varchar(length=36, default=None, null=True)
    made_at = Timestamptz(default=None)


class KpiProduct(Table):
    """A row of one version. ``code`` names the same product in every version; a task keeps the row, and so the k, it was assigned with."""

    id = Varchar(length=36, primary_key=True, default=None)
    catalogue = Varchar(length=36)
    code = Varchar(length=20)
    #: Columns 2 to 4 of the handbook's appendix III: nhiệm vụ, công việc chi tiết, sản phẩm đầu ra.
    duty = Text(default="")
    detail = Text(default="")
    name = Text(default="")
    unit_of_count = Text(default="")
    #: 1 to 5.
    complexity = Integer(default=1)
    most_points = Integer(default=100_000)
    points = Integer(default=0)
    k = Integer(default=1000)
    #: The product that this is a part of: the parts' coefficients add up to at most its own (Đ18.1c).
    parent = Varchar(length=36, default=None, null=True)
    note = Text(default="")
    sort = Integer(default=0)


class KpiRules(Table):
    """A version of the rule set (``rules.ruleset.RuleSet`` as JSON): draft, in_force or replaced."""

    id = Varchar(length=36, primary_key=True, default=None)
    version = Integer(default=1)
    data = Text(default="{}")
    state = Varchar(length=10, default="draft")
    since = Date(default=None, null=True)
    until = Date(default=None, null=True)
    made_by = Varchar(length=36, default=None, null=True)
    made_at = Timestamptz(default=None)


class KpiPeriod(Table):
    """A month or a quarter that is scored: open or closed. Reopening makes a new version that names the one it replaces (Đ21.3)."""

    id = Varchar(length=36, primary_key=True, default=None)
    kind = Varchar(length=8, default="month")
    year = Integer()
    number = Integer()
    starts = Date(default=None)
    ends = Date(default=None)
    state = Varchar(length=8, default="open")
    version = Integer(default=1)
    replaces = Varchar(length=36, default=None, null=True)
    reason = Text(default="")
    #: The rule set that holds while it is open; a closed sheet carries its own copy.
    rules = Varchar(length=36, default=None, null=True)
    opened_at = Timestamptz(default=None)
    opened_by = Varchar(length=36, default=None, null=True)
    closed_at = Timestamptz(default=None, null=True)
    closed_by = Varchar(length=36, default=None, null=True)


class KpiSheet(Table):
    """One person's sheet of one period (Mẫu số 01): open, self_scored, confirmed, closed. What is closed is frozen whole."""

    id = Varchar(length=36, primary_key=True, default=None)
    period = Varchar(length=36)
    person = Varchar(length=36)
    unit = Varchar(length=36, default=None, null=True)
    position = Varchar(length=20, default="officer")
    title = Text(default="")
    duty = Varchar(length=8, default="officer")
    state = Varchar(length=12, default="open")
    #: {criterion: thousandths}, by the person himself.
    self_points = Text(default="{}")
    self_at = Timestamptz(default=None, null=True)
    strengths = Text(default="")
    weaknesses = Text(default="")
    #: The same by whoever confirms, with the reason where they differ.
    points = Text(default="{}")
    reason = Text(default="")
    comment = Text(default="")
    confirmed_by = Varchar(length=36, default=None, null=True)
    confirmed_at = Timestamptz(default=None, null=True)
    #: A rater outside of the office (the director's own): who decided and by which document.
    outside_rater = Text(default="")
    #: đ and e of a leader in percent, with the reason and the evidence.
    organising = Integer(default=None, null=True)
    uniting = Integer(default=None, null=True)
    leading_reason = Text(default="")
    #: {quality, compliance, effect} of support staff.
    support = Text(default="{}")
    #: Why the person did not work in this period, or "".
    away = Varchar(length=16, default="")
    #: At closing: the lines, the rule set and the result, as they were.
    frozen = Text(default="")
    general = Integer(default=None, null=True)
    total = Integer(default=None, null=True)
    band = Varchar(length=10, default=None, null=True)
    version = Integer(default=1)
    replaces = Varchar(length=36, default=None, null=True)
    version_reason = Text(default="")


class KpiExcuse(Table):
    """The authority confirmed an objective cause (Đ14.2b, c): ``what`` is late or failed."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    task = Varchar(length=36)
    what = Varchar(length=8)
    reason = Text(default="")
    document = Text(default="")
    confirmed_by = Varchar(length=36)
    at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)


class KpiSplit(Table):
    """A month's part of one person's work on a task of several months (Đ18.1c); the parts add up to his quantity."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    year = Integer()
    month = Integer()
    quantity = Integer(default=0)
    made_by = Varchar(length=36)
    at = Timestamptz(default=None)


class KpiAway(Table):
    """Sick or maternity leave, leave without pay, or not in service (Đ11): first and last day included."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    since = Date(default=None)
    until = Date(default=None, null=True)
    kind = Varchar(length=16)
    document = Text(default="")
    entered_by = Varchar(length=36)
    at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)


class KpiDuty(Table):
    """How somebody is scored (officer, leader, support) and his group of similar duties (Đ20.5a), where the position does not say it."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    duty = Varchar(length=8, default="officer")
    group_name = Text(default="")
    #: Who follows and confirms him, where it is not the one whom the position says (Đ10).
    rater = Varchar(length=36, default=None, null=True)
    since = Date(default=None)
    until = Date(default=None, null=True)


class KpiDecision(Table):
    """A decision that forces the lowest rating of a year (Đ11.3, Đ20.4): decline, discipline or corruption."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    year = Integer()
    case_of = Varchar(length=12)
    document = Text(default="")
    document_date = Date(default=None, null=True)
    note = Text(default="")
    entered_by = Varchar(length=36)
    at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)


class KpiPetition(Table):
    """A person does not agree (Đ22): answered within seven working days. ``about`` is sheet or year."""

    id = Varchar(length=36, primary_key=True, default=None)
    about = Varchar(length=8)
    subject = Varchar(length=36)
    person = Varchar(length=36)
    text = Text(default="")
    received = Date(default=None)
    due = Date(default=None)
    state = Varchar(length=10, default="open")
    outcome = Varchar(length=10, default="")
    answer = Text(default="")
    answered_by = Varchar(length=36, default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)


class KpiYear(Table):
    """A person's rating of a year (Mẫu số 02): draft, self_rated, decided, published."""

    id = Varchar(length=36, primary_key=True, default=None)
    year = Integer()
    person = Varchar(length=36)
    unit = Varchar(length=36, default=None, null=True)
    title = Text(default="")
    group_name = Text(default="")
    state = Varchar(length=12, default="draft")
    #: [{number, total, away, note}] as they were when it was decided.
    months = Text(default="[]")
    mean = Integer(default=None, null=True)
    #: What the points and Đ20 make of it, and why (``rules.year.Rating``).
    band = Varchar(length=10, default=None, null=True)
    why = Varchar(length=10, default="")
    self_band = Varchar(length=10, default=None, null=True)
    self_note = Text(default="")
    decided_band = Varchar(length=10, default=None, null=True)
    reason = Text(default="")
    #: Part IV of the form: what is proposed (Đ23).
    proposal = Text(default="")
    document = Text(default="")
    decided_by = Varchar(length=36, default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    published_at = Timestamptz(default=None, null=True)
    version = Integer(default=1)
    replaces = Varchar(length=36, default=None, null=True)
    version_reason = Text(default="")
    current = Boolean(default=True)


class KpiUnitYear(Table):
    """A unit's rating of a year (Đ6 to Đ8)."""

    id = Varchar(length=36, primary_key=True, default=None)
    year = Integer()
    unit = Varchar(length=36)
    general = Integer(default=None, null=True)
    tasks = Integer(default=None, null=True)
    #: The conditions of Đ8 as they were answered: {name: true | false | percent}.
    conditions = Text(default="{}")
    band = Varchar(length=10, default=None, null=True)
    reason = Text(default="")
    document = Text(default="")
    decided_by = Varchar(length=36, default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)


TABLES = [
    KpiCatalogue, KpiProduct, KpiRules, KpiPeriod, KpiSheet, KpiExcuse, KpiSplit, KpiAway, KpiDuty, KpiDecision, KpiPetition, KpiYear,
    KpiUnitYear,
]  # fmt: skip

INDEXES = [
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_product_code ON kpi_product (catalogue, code)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_catalogue_number ON kpi_catalogue (number)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_rules_version ON kpi_rules (version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_period_once ON kpi_period (year, kind, number, version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_sheet_once ON kpi_sheet (period, person, version)",
    "CREATE INDEX IF NOT EXISTS kpi_sheet_person ON kpi_sheet (person, period)",
    "CREATE INDEX IF NOT EXISTS kpi_excuse_person ON kpi_excuse (person, task)",
    "CREATE INDEX IF NOT EXISTS kpi_split_task ON kpi_split (task, person)",
    "CREATE INDEX IF NOT EXISTS kpi_away_person ON kpi_away (person, since)",
    "CREATE INDEX IF NOT EXISTS kpi_duty_person ON kpi_duty (person, since)",
    "CREATE INDEX IF NOT EXISTS kpi_petition_due ON kpi_petition (due) WHERE state = 'open'",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_year_once ON kpi_year (year, person, version)",
    "CREATE UNIQUE INDEX IF NOT EXISTS kpi_unit_year_once ON kpi_unit_year (year, unit)",
    "CREATE INDEX IF NOT EXISTS assignment_task_person ON assignment (task, person)",
    "CREATE INDEX IF NOT EXISTS task_due ON task (due)",
]
