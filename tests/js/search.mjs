// Says how the device reads texts and questions: {texts, asked} on the standard input; what each is folded to, and which texts each question finds.
import { text } from "node:stream/consumers";
import { ordinalOf } from "../../static/js/replica/numbers.js";
import { foldedOf, hasMarks, marked, matcher, plain, words } from "../../static/js/replica/words.js";

const given = JSON.parse(await text(process.stdin));
const tasks = given.texts.map((/** @type {string} */ title) => ({ number: "", title }));
const strings = [...given.texts, ...given.asked].map((one) => ({ marked: marked(one), plain: plain(one), words: words(one), has_marks: hasMarks(one), ordinal: ordinalOf(one) }));
const found = given.asked.map((/** @type {string} */ one) => {
  const asked = words(one);
  return [true, false].map((exact) => (asked.length ? tasks.flatMap((task, place) => (matcher(asked, exact)(task) ? [place] : [])) : []));
});
process.stdout.write(JSON.stringify({ strings, found, folded: tasks.map((task) => foldedOf(task, "plain")) }));
