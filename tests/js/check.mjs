// Reads reports as a phone does. In: {lexicon, cases: [{text, title, earlier, files}]}. Out: what each tells.
import { text } from "node:stream/consumers";
import { check } from "../../static/js/check/quality.js";

const { lexicon, cases } = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(cases.map((one) => check(one.text, lexicon, one.title, one.earlier, one.files))));
