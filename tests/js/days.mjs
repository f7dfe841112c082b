// Asks show/calendar.js and show/values.js about days, in Node: {words, calendar, cases} in, a list of answers out.
import { text } from "node:stream/consumers";
import { learn } from "../../static/js/base/words.js";
import { WorkingDays } from "../../static/js/show/calendar.js";
import { card } from "../../static/js/show/cards.js";
import { dueText, chip, isOverdue } from "../../static/js/show/values.js";

const given = JSON.parse(await text(process.stdin));
learn(given.words);
const days = new WorkingDays(given.calendar);

const answers = given.cases.map(({ today, due, no_due, status, steps }) => {
  const overdue = isOverdue(status, due, today);
  const task = { id: "1", number: "#26-001", title: "", status, due, no_due, lead: null, priority: "normal", percent: 0 };
  return {
    overdue,
    due_text: dueText(due, no_due, today, days),
    chip: chip(status, due, no_due, today, days, overdue),
    due_label: card(task, { today, get: () => undefined }, days).due_label,
    works: days.isWorking(today),
    added: days.add(today, steps),
    between: due ? days.between(today, due) : null,
  };
});
process.stdout.write(JSON.stringify(answers));
