"""What is not in the copy, each for its reason. A table or a column with people in it stands here or in a part; a test holds it."""

from typing import Final

#: Whole tables.
TABLES: Final = {
    "unit": "the organisation, not a person",
    "field": "the organisation, not a person",
    "counter": "numbers of the machinery",
    "change": "the order in which replicas fetch changes; names kinds and ids, and says of nobody who did it",
    "task_scope": "made from the assignments, units and followers, which are in the copy",
    "lost_scope": "made from the assignments, units and followers of before",
    "said": "which reminder was said already; the reminder itself is among the notices",
    "delivery_item": "ties a notice to its delivery; both are in the copy",
    "file": "facts of a content; they stand beside each upload",
    "channel_state": "the office's channels; who turned one on is in the log, as his act",
    "office_day": "the office's calendar; who entered a day is in the log, as his act",
    "kpi_catalogue": "the office's list of products; who made a version is in the log",
    "kpi_product": "the office's list of products",
    "kpi_rules": "the office's rules; who made a version is in the log",
    "kpi_period": "the office's periods; who opened and closed them is in the log",
    "kpi_unit_year": "ratings of units; who decided is in the log",
    "risk_mark": "what a model said of a task at set times, to measure the model",
    "report_file": "what somebody had made to take away; gone within a day, and that he asked for it is in the log",
    "filed_report": "reports of units; who made, changed and fixed one is in the log",
    "api_fetch": "what other systems were given, by key: it names keys and units; whose a key is stands beside the key",
    "model_file": "models",
    "model_check": "models",
    "task_standing": "the ledger of figures: made from the tasks, which are in the copy",
    "task_flow": "the ledger of figures: made from the tasks, which are in the copy",
    "figure_tally": "sums over many people",
    "figure_move": "the ledger of figures: made from the tasks, which are in the copy",
    "figure_days": "the ledger of figures: the days that were counted",
}

#: Columns with a person in them, of tables that are in the copy by another column: an act on somebody else's data.
COLUMNS: Final = {
    "task.deleted_by": "who binned it is in the log",
    "access_key.created_by": "the key is its owner's",
    "access_key.revoked_by": "the key is its owner's",
    "kpi_sheet.confirmed_by": "the sheet and its points are the scored person's; that he confirmed it is in the log",
    "kpi_excuse.confirmed_by": "the excuse is another's",
    "kpi_split.made_by": "the parts are another's",
    "kpi_away.entered_by": "the absence is another's",
    "kpi_duty.rater": "whom he rates is said by the office's page; the duty is another's",
    "kpi_decision.entered_by": "the decision is about another",
    "kpi_petition.answered_by": "the petition is another's; that he answered is in the log",
    "kpi_year.decided_by": "the rating is another's; that he decided is in the log",
    "leave.by": "the leave is another's",
    "duty.by": "the duty is another's",
    "suggestion.reviewer": "the points are another's",
    "proposal.decided_by": "that he decided is in the log",
    "link_code.made_by": "the code is its owner's",
    "plan_import.default_lead": "a draft's setting; the tasks that he leads are in the copy",
}
