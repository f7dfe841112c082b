// Reads {"words", "person", "now", "rows", "entries"}, writes the rows of "kinds" as the device shows them with the entries applied, by kind.
import { learn } from "../../static/js/base/words.js";
import { View } from "../../static/js/replica/view.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { words, person, now, rows, entries, kinds } = JSON.parse(text);
learn(words);
const view = View.from({ person, now: new Date(now), rows, entries });
const tasks = [...new Set([...rows.filter((row) => row.kind === "task").map((row) => row.id), ...entries.map((entry) => entry.task)])];
const shown = Object.fromEntries(kinds.map((kind) => [kind, kind === "task" ? view.all("task") : tasks.flatMap((task) => view.of(kind, task))]));
process.stdout.write(JSON.stringify(shown));
