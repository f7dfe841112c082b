"""What is stored of foresight. Probabilities are integers in millionths, points and indexes in thousandths, work in minutes."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Risk(Table):
    """How likely an open task is to miss its due date, as it was last scored. ``id`` is the task."""

    id = Varchar(length=36, primary_key=True, default=None)
    #: Millionths.
    probability = Integer(default=0)
    #: low, watch, high.
    band = Varchar(length=5, default="low")
    #: JSON: [{group, values}], the strongest first.
    reasons = Text(default="[]")
    model = Varchar(length=60)
    #: Whether the model knows this office ("chưa hiệu chỉnh theo cơ quan" if not).
    local = Boolean(default=False)
    at = Timestamptz(default=None)
    #: The highest band of which the lead and the head were told, for the due date in force.
    told = Varchar(length=5, default="low")
    told_due = Date(default=None, null=True)


class RiskMark(Table):
    """What a model said when a task passed 10, 25, 50, 75, 90 % of its term: how good it was is counted from these. Never changed."""

    #: ``<task>:<due>:<share>:<model>``
    id = Varchar(length=140, primary_key=True, default=None)
    task = Varchar(length=36)
    due = Date(default=None)
    share = Integer(default=0)
    probability = Integer(default=0)
    model = Varchar(length=60)
    at = Timestamptz(default=None)


class ModelFile(Table):
    """A version of a model: the file lies in the data folder (the prior in the product) under its hash."""

    #: The card's version.
    id = Varchar(length=60, primary_key=True, default=None)
    #: risk, overload.
    name = Varchar(length=20, default="risk")
    sha256 = Varchar(length=64)
    #: champion (in force), challenger, retired, refused.
    state = Varchar(length=10, default="challenger")
    #: The card, JSON, with the office's intercept.
    card = Text(default="{}")
    #: JSON: the figures on which it was promoted or not.
    verdict = Text(default="{}")
    made_at = Timestamptz(default=None)
    since = Timestamptz(default=None, null=True)
    until = Timestamptz(default=None, null=True)


class ModelCheck(Table):
    """A month's look at the model in force: whether it still fits, what the office's history made of it. Whoever writes it does it."""

    #: "2026-11", or the moment of a look that somebody asked for.
    id = Varchar(length=40, primary_key=True, default=None)
    at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    #: Version that was in force when it began, and after it.
    before = Varchar(length=60, default="")
    after = Varchar(length=60, default="")
    #: JSON: ``ml.life.Drift``, ``ml.life.Decision``; "{}" where it failed, with the sentence in ``trouble``.
    drift = Text(default="{}")
    decision = Text(default="{}")
    trouble = Text(default="")


class Leave(Table):
    """Days on which somebody does not work: first and last day included."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    since = Date(default=None)
    until = Date(default=None)
    #: whole, morning, afternoon.
    part = Varchar(length=9, default="whole")
    #: annual, sick, trip, training, other.
    kind = Varchar(length=10, default="annual")
    note = Text(default="")
    by = Varchar(length=36)
    at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)


class Duty(Table):
    """A standing duty that takes so many minutes a week and is no task."""

    id = Varchar(length=36, primary_key=True, default=None)
    person = Varchar(length=36)
    name = Text(default="")
    minutes = Integer(default=0)
    since = Date(default=None)
    until = Date(default=None, null=True)
    by = Varchar(length=36)
    at = Timestamptz(default=None)


class Estimate(Table):
    """How much work somebody says that a task is, in minutes for the whole of it. ``id`` is the task."""

    id = Varchar(length=36, primary_key=True, default=None)
    minutes = Integer(default=0)
    by = Varchar(length=36)
    at = Timestamptz(default=None)


class Load(Table):
    """What a person carries in the next ten working days, as it was last counted. ``id`` is the person."""

    id = Varchar(length=36, primary_key=True, default=None)
    #: Thousandths: cumulative demand over cumulative capacity at its highest, and the interval.
    peak = Integer(default=0)
    low = Integer(default=0)
    high = Integer(default=0)
    #: light, fair, watch, over, severe.
    band = Varchar(length=6, default="light")
    #: JSON: [{day, demand, capacity, index}] of the next ten working days, minutes and thousandths.
    days = Text(default="[]")
    #: JSON: [{task, minutes}] what it is made of, the largest first.
    tasks = Text(default="[]")
    model = Varchar(length=60)
    at = Timestamptz(default=None)


class Proposal(Table):
    """That a task might be done by somebody else. waiting → accepted | declined | expired."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    giver = Varchar(length=36)
    receiver = Varchar(length=36)
    unit = Varchar(length=36, default=None, null=True)
    state = Varchar(length=8, default="waiting")
    #: JSON: [{key, values}] for words.
    reasons = Text(default="[]")
    #: JSON: indexes in thousandths {giver_before, giver_after, receiver_before, receiver_after}.
    effect = Text(default="{}")
    sort = Integer(default=0)
    made_at = Timestamptz(default=None)
    decided_by = Varchar(length=36, default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    answer = Text(default="")
    #: After it was declined the same is not proposed again before this day.
    quiet_until = Date(default=None, null=True)


class Suggestion(Table):
    """A suggested score of one person's finished part, beside which the human one stands. ``id``: UUIDv5(task, person:round)."""

    id = Varchar(length=36, primary_key=True, default=None)
    task = Varchar(length=36)
    person = Varchar(length=36)
    #: Which submission of it.
    round = Integer(default=1)
    #: Thousandths of a point, 0 to 100 points each.
    total = Integer(default=0)
    progress = Integer(default=0)
    quality = Integer(default=0)
    frequency = Integer(default=0)
    #: JSON: {factor: [{key, values}]}.
    reasons = Text(default="{}")
    rules = Varchar(length=20, default="")
    at = Timestamptz(default=None)
    #: What the reviewer gave, and when; the suggestion is never changed by it.
    given = Integer(default=None, null=True)
    given_at = Timestamptz(default=None, null=True)
    reviewer = Varchar(length=36, default=None, null=True)


INDEXES = [
    "CREATE INDEX IF NOT EXISTS risk_band ON risk (band)",
    "CREATE INDEX IF NOT EXISTS risk_mark_task ON risk_mark (task)",
    "CREATE INDEX IF NOT EXISTS risk_mark_model ON risk_mark (model, at)",
    "CREATE UNIQUE INDEX IF NOT EXISTS model_file_champion ON model_file (name) WHERE state = 'champion'",
    "CREATE INDEX IF NOT EXISTS leave_person ON leave (person, until)",
    "CREATE INDEX IF NOT EXISTS duty_person ON duty (person)",
    "CREATE INDEX IF NOT EXISTS proposal_waiting ON proposal (unit) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX IF NOT EXISTS proposal_once ON proposal (task) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS proposal_task ON proposal (task, decided_at)",
    "CREATE INDEX IF NOT EXISTS suggestion_task ON suggestion (task, person)",
    "CREATE INDEX IF NOT EXISTS suggestion_given ON suggestion (given_at) WHERE given IS NOT NULL",
]
