// Which addresses the worker answers, and which are the server's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { match, MOVES } from "../../static/js/worker/addresses.js";

/** @param {string} path @param {string} [method] */
const at = (path, method = "GET") => match(new URL(path, "https://so.example"), method);

test("the pages of tasks are answered here, with the names in their addresses", () => {
  for (const [path, key] of [["/", "today"], ["/tasks?q=a", "list"], ["/tasks/filter", "filter"], ["/tasks/pane", "pane"], ["/tasks/bin", "bin"],
    ["/tasks/alike?title=x", "alike"], ["/tasks/bulk?task=1", "bulk"], ["/tasks/new", "newTask"], ["/reviews", "reviews"], ["/outbox", "outbox"],
    ["/conflicts", "conflicts"], ["/share", "shareList"]]) {
    assert.deepEqual([at(path)?.key, at(path)?.names], [key, []], path);
  }
  assert.deepEqual(at("/tasks/26-014"), { key: "one", names: ["26-014"], needs: [{ task: "26-014" }] });
  for (const word of ["history", "edit", "assign"]) assert.deepEqual([at(`/tasks/a/${word}`)?.key, at(`/tasks/a/${word}`)?.names], [word, ["a"]]);
  assert.deepEqual(at("/share/0190")?.names, ["0190"]);
});

test("the forms of tasks are taken here", () => {
  for (const [path, key] of [["/tasks", "create"], ["/tasks/bulk", "bulkSend"], ["/tasks/a/edit", "editSend"], ["/tasks/a/assign", "assignSend"],
    ["/outbox/send", "outboxSend"], ["/outbox/7/take-back", "outboxTakeBack"], ["/outbox/7/change", "outboxChange"], ["/outbox/7/retry", "outboxRetry"],
    ["/outbox/others/discard", "outboxDiscardOthers"], ["/conflicts/7/again", "conflictAgain"], ["/conflicts/x/keep", "clashKeep"], ["/share", "shareTake"]]) {
    assert.equal(at(path, "POST")?.key, key, path);
  }
  for (const word of MOVES) assert.deepEqual([at(`/tasks/a/${word}`, "POST")?.key, at(`/tasks/a/${word}`, "POST")?.names], ["move", ["a", word]]);
});

test("everything else is the server's", () => {
  for (const path of ["/me", "/people", "/people/x", "/plans", "/sign-in", "/sign-out", "/api/v1/session", "/sync/pull", "/files/aa", "/static/x.js", "/sw.js",
    "/tasks/a/progress", "/tasks/a/b/c", "/tasks/", "/tasks/a%2Fb", "/tasks/%E0%A4%A", "/tasks/a/constructor", "/constructor", "/__proto__", "/outbox/7", "/conflicts/x"]) {
    assert.equal(at(path), null, path);
  }
  for (const path of ["/sign-in", "/sign-out", "/plans", "/me/password", "/tasks/a/unknown", "/tasks/a/constructor", "/tasks/a", "/outbox/x/retry", "/outbox/7/constructor", "/reviews", "/"]) {
    assert.equal(at(path, "POST"), null, path);
  }
  for (const method of ["HEAD", "PUT", "DELETE", "OPTIONS"]) assert.equal(at("/tasks", method), null);
});

test("every address of the server's pages of tasks is known here, and every move has its form", () => {
  const source = ["lists", "one", "forms", "bulk", "actions"].map((name) => readFileSync(new URL(`../../server/tasks/pages/${name}.py`, import.meta.url), "utf8")).join("\n");
  const found = [...source.matchAll(/^@(get|post)\("([^"]+)"\)/gm)];
  assert.ok(found.length >= 15);
  for (const [, method, path] of found) {
    const filled = path.replace("{name:str}", "26-014").replace("{move:str}", "progress");
    assert.ok(at(filled, method.toUpperCase()), `${method} ${path}`);
  }
  const makers = source.slice(source.indexOf("MAKERS: dict"), source.indexOf("def _undo"));
  assert.deepEqual([...makers.matchAll(/^ {4}"(\w+)":/gm)].map((one) => one[1]).sort(), [...MOVES].sort());
});
