// Renders shared templates with the worker's own MiniJinja: [{template, context}] in, texts out.
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { load, render } from "../../static/js/worker/answer.js";

const ROOT = new URL("../../", import.meta.url);
const names = readdirSync(new URL("templates/shared/", ROOT), { recursive: true }).map(String).filter((name) => name.endsWith(".html"));
const templates = Object.fromEntries(names.map((name) => [`shared/${name}`, readFileSync(new URL(`templates/shared/${name}`, ROOT), "utf8")]));
await load({ version: "1", templates, words: {}, wasm: await readFile(new URL("static/vendor/minijinja-2.11.0.wasm", ROOT)) });
const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((/** @type {any} */ one) => render(one.template, one.context))));
