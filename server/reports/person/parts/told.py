"""What the person was told and where, what he chose about it, and what the log says of him."""

from server.reports.person.shapes import Part

#: Rows that are the person's own: what happened to them happened to him.
OWN = " UNION ALL ".join(
    f"SELECT o.id FROM {table} o WHERE o.person = $1"
    for table in ("kpi_sheet", "kpi_excuse", "kpi_away", "kpi_duty", "kpi_decision", "kpi_petition", "kpi_year", "leave", "duty")
)

TOLD = (
    Part(
        name="notices",
        group="notices",
        table="outbox",
        mine=("person",),
        columns=("id", "kind", "subject", "data", "at", "read_at", "replaced_at"),
        # How it was put together and when it was planned is of the machinery.
        hides=("person", "slot", "planned_at"),
        made=("said",),
    ),
    Part(
        name="deliveries",
        group="notices",
        table="delivery",
        mine=("person",),
        columns=("id", "channel", "state", "attempts", "maybe_doubled", "made_at", "ended_at", "why"),
        # The queue's own bookkeeping, and the service's name of a message.
        hides=("person", "address", "unknowns", "next_at", "queued_at", "claim", "claimed_at", "service_ref"),
        kinds={"why": "text"},
    ),
    Part(
        name="addresses",
        group="notices",
        table="address",
        mine=("person",),
        # ``address`` is masked in ``plain.py``: whoever has it whole can write to the chat. ``data`` are keys of a subscription.
        columns=("id", "channel", "address", "label", "state", "why", "since", "until"),
        hides=("person", "unit", "data"),
        kinds={"since": "moment", "until": "moment"},
    ),
    Part(
        name="link_codes",
        group="notices",
        table="link_code",
        mine=("person",),
        columns=("channel", "made_at", "expires_at", "used_at"),
        # The code's hash is a secret; ``used_by`` is the service's name of the chat, which the address has, masked.
        hides=("code_hash", "person", "unit", "made_by", "used_by"),
        key="code_hash",
    ),
    Part(
        name="choices",
        group="notices",
        table="notice_choice",
        mine=("person",),
        columns=("choices", "quiet_from", "quiet_to", "show_content", "changed_at"),
        hides=("person",),
        key="person",
    ),
    Part(
        name="audit",
        group="audit",
        table="audit_entry",
        mine=("actor", "on_behalf", "subject"),
        also=f"x.subject IN ({OWN})",
        columns=("seq", "at", "actor", "on_behalf", "source", "action", "kind", "subject", "before", "after"),
        # The links of the chain prove the log of the office, and say nothing of a person.
        hides=("previous", "hash"),
        more={"own": f"CASE WHEN x.subject = $1 OR x.subject IN ({OWN}) THEN 1 ELSE 0 END"},
        made=("withheld",),
        key="seq",
    ),
)
