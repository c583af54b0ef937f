// The state of a play: which choices were made, what they earn. Knows nothing of the page.
const lesson = JSON.parse(document.getElementById("lesson").textContent);

// steps: [passage, choice] in order. first: passage -> the choice made there first, which is the one that counts; taking a
// decision back does not take back the first answer. told: the feedback of the last step has been read.
const state = { steps: [], first: new Map(), told: true };

const isGraded = (passage) => passage.choices.some((one) => one.grade);
const mostPoints = (passage) => Math.max(0, ...passage.choices.filter((one) => one.grade).map((one) => one.score));
const saysSomething = (choice) => Boolean(choice.grade || choice.feedback.length || choice.costs.length || choice.sources.length);

function here() {
  const last = state.steps[state.steps.length - 1];
  if (!last) return 0;
  return state.told ? lesson.passages[last[0]].choices[last[1]].to : last[0];
}

function choose(number) {
  const at = here();
  const choice = lesson.passages[at].choices[number];
  if (choice.grade && !state.first.has(at)) state.first.set(at, number);
  state.steps.push([at, number]);
  state.told = !saysSomething(choice);
}

function read() {
  state.told = true;
}

// Back to the last moment at which there was something to decide.
function undo() {
  state.told = true;
  while (state.steps.length) {
    const [at] = state.steps.pop();
    if (lesson.passages[at].choices.length > 1 || isGraded(lesson.passages[at])) return;
  }
}

const canUndo = () => state.steps.some(([at]) => lesson.passages[at].choices.length > 1 || isGraded(lesson.passages[at]));

function restart() {
  state.steps = [];
  state.first = new Map();
  state.told = true;
}

// Passages on the way at which an answer was graded, each once, in order.
function met() {
  return [...new Set(state.steps.map(([at]) => at))].filter((at) => state.first.has(at));
}

function score() {
  const passed = met();
  const earned = passed.reduce((sum, at) => sum + lesson.passages[at].choices[state.first.get(at)].score, 0);
  const possible = passed.reduce((sum, at) => sum + mostPoints(lesson.passages[at]), 0);
  return { earned, possible, percent: possible ? Math.round((100 * earned) / possible) : 100, decisions: passed.length };
}

const isOver = () => state.told && !lesson.passages[here()].choices.length;
const refusedHere = (at) => new Set(state.steps.filter(([p]) => p === at).map(([, c]) => c).filter((c) => lesson.passages[at].choices[c].to === at));
const points = (number) => String(Math.round(number * 100) / 100);

// "0.1 3.0|0.1 3.2|1": steps, first answers, told. Short enough for the 4096 characters that SCORM 1.2 keeps.
function packed() {
  const pair = ([a, b]) => `${a}.${b}`;
  return [state.steps.map(pair).join(" "), [...state.first].map(pair).join(" "), state.told ? "1" : "0"].join("|");
}

// False, with nothing changed, if the text is not a way through this lesson.
function unpack(text) {
  const parts = String(text || "").split("|");
  if (parts.length !== 3) return false;
  const pairs = (part) => part.split(" ").filter(Boolean).map((one) => one.split(".").map(Number));
  const steps = pairs(parts[0]);
  const first = pairs(parts[1]);
  const known = ([at, number]) => Boolean(lesson.passages[at] && lesson.passages[at].choices[number]);
  if (![...steps, ...first].every(known)) return false;
  let at = 0;
  for (const [passage, number] of steps) {
    if (passage !== at) return false;
    at = lesson.passages[passage].choices[number].to;
  }
  if (!steps.every(([p, c]) => !lesson.passages[p].choices[c].grade || first.some(([q]) => q === p))) return false;
  state.steps = steps;
  state.first = new Map(first);
  state.told = parts[2] === "1" || !steps.length;
  return true;
}
