// Twee on standard input, what extwee makes of it on standard output, as JSON.
import { readFileSync } from "node:fs";
import { parseTwee } from "extwee";

const story = parseTwee(readFileSync(0, "utf8"));
const passages = story.passages.map((one) => ({ name: one.name, tags: one.tags, text: one.text }));
console.log(JSON.stringify({ name: story.name, ifid: story.IFID, start: story.start, format: story.format, passages, html: story.toTwine2HTML() }));
