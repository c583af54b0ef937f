// GIFT on standard input, what gift-pegjs makes of it on standard output, as JSON.
const { readFileSync } = require("node:fs");
const { parse } = require("gift-pegjs");

console.log(JSON.stringify(parse(readFileSync(0, "utf8"))));
