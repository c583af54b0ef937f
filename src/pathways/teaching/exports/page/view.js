// Draws the state. Every text enters the page as text, never as markup.
const main = document.getElementById("case");
const words = lesson.words;

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "press") made.addEventListener("click", value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    made.append(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return made;
}

const paragraphs = (texts) => texts.map((text) => make("p", null, text));
const hue = (choice) => choice.grade || "plain";

function list(title, items) {
  return items.length ? [make("h4", null, title), make("ul", null, items.map((one) => make("li", null, one)))] : [];
}

// A link only where the address is one of the open web, and always with the address as its text.
function source(number) {
  const { text, url } = lesson.citations[number];
  const link = /^https?:\/\/[^\s]+$/i.test(url) ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url) : url;
  return make("li", null, text, url ? " " : null, url ? link : null);
}

// References are folded: they are there for whoever looks for them.
function sources(numbers) {
  return numbers.length ? [make("details", { class: "references" }, make("summary", null, `${words.sources} (${numbers.length})`),
    make("ul", { class: "sources" }, numbers.map(source)))] : [];
}

// What a case is for is told after it: told before, it answers the first question.
const aims = () => lesson.learning.length
  ? make("section", { class: "card aims" }, make("h3", null, "To take home"), make("ul", null, lesson.learning.map((one) => make("li", null, one))))
  : null;

function story(passage) {
  return make("section", { class: "card story" },
    make("p", { class: "when" }, `Day ${passage.day}`),
    make("h2", { id: "passage-title", tabindex: "-1" }, passage.title),
    paragraphs(passage.text));
}

// The lines of a map that are drawn, and those below that explain it and may be broken.
function drawing(lines) {
  const last = lines.reduce((found, line, number) => (/[\u2500-\u257f|+]/.test(line) ? number : found), -1);
  return last < 0 ? [lines, []] : [lines.slice(0, last + 1), lines.slice(last + 1)];
}

const row = ([label, value]) => make("tr", null, make("th", { scope: "row" }, label), make("td", null, value));
let unfolded = window.matchMedia("(min-width: 60rem)").matches;

// What was told on the way here and is not told again: of two findings of one name the later one.
function earlier(passage) {
  const told = new Map(state.steps.flatMap(([at]) => lesson.passages[at].findings));
  passage.findings.forEach(([label]) => told.delete(label));
  if (!told.size) return null;
  const fold = make("details", { open: unfolded }, make("summary", null, `Told before (${told.size})`),
    make("table", null, make("tbody", null, [...told].map(row))));
  fold.addEventListener("toggle", () => { unfolded = fold.open; });
  return fold;
}

// The picture lies in the page; the lines say the same for whoever wants to read or copy them.
const picture = (number, kind) => number < 0 ? null
  : make("img", { class: kind, src: lesson.pictures[number].picture, alt: lesson.pictures[number].words });

// At an end the liver stands beside what it was before anything was done.
const livers = (passage) => passage.choices.length || lesson.before < 0 || passage.liver < 0 || passage.liver === lesson.before
  ? picture(passage.liver, "liver")
  : make("div", { class: "beside-one-another" },
    make("div", null, make("p", { class: "label" }, "Before"), picture(lesson.before, "liver")),
    make("div", null, make("p", { class: "label" }, "Now"), picture(passage.liver, "liver")));

function plainMap(passage, drawn) {
  const lines = make("pre", { tabindex: "0", role: "region", "aria-label": "Liver map" }, drawn.join("\n"));
  return passage.liver < 0 ? lines : make("details", null, make("summary", null, "As lines"), lines);
}

function data(passage) {
  const before = passage.choices.length ? earlier(passage) : null;
  const seen = passage.map.length || passage.liver >= 0;
  if (!passage.findings.length && !seen && passage.growth < 0 && !before) return null;
  const [drawn, legend] = drawing(passage.map);
  const rows = passage.findings.map(row);
  return make("section", { class: "card data", "aria-label": "Findings" },
    rows.length ? [make("h3", { class: "label" }, "Findings"), make("table", { class: "findings" }, make("tbody", null, rows))] : null,
    seen
      ? make("figure", null, make("figcaption", { class: "label" }, "Liver map"),
        livers(passage),
        drawn.length ? plainMap(passage, drawn) : null,
        legend.map((line) => make("p", { class: "legend" }, line)))
      : null,
    passage.growth < 0 ? null
      : make("figure", null, make("figcaption", { class: "label" }, "Growth of the remnant"), picture(passage.growth, "growth")),
    before);
}

function option(choice, number, at, chosen, closed) {
  const letter = make("span", { class: "letter", "aria-hidden": "true" }, String.fromCharCode(65 + (number % 26)));
  if (chosen === null && !closed.has(number)) {
    return make("li", null, make("button", { class: "choice", type: "button", press: () => act(() => choose(number)) }, letter, make("span", null, choice.text)));
  }
  const mine = chosen === number;
  const note = mine ? `Your answer${choice.grade ? ": " + words.grades[choice.grade].toLowerCase() : ""}` : closed.has(number) ? words.grades.refused : null;
  const shape = ["choice", mine ? "chosen" : "closed", mine || closed.has(number) ? "graded " + hue(choice) : ""].join(" ");
  return make("li", null, make("div", { class: shape }, letter, make("span", null, choice.text, note ? make("span", { class: "mark" }, note) : null)));
}

function ask_(passage, at, chosen) {
  if (!passage.choices.length) return null;
  const closed = refusedHere(at);
  const goesOn = passage.choices.length === 1 && !passage.choices[0].grade;
  if (goesOn && chosen === null) {
    return make("section", { class: "ask" },
      passage.question ? make("h3", null, passage.question) : null,
      make("div", { class: "deeds" }, make("button", { type: "button", class: "first", press: () => act(() => choose(0)) }, passage.choices[0].text), back()));
  }
  return make("section", { class: "card ask" },
    make("h3", { id: "question" }, passage.question || "What do you do?"),
    make("ol", { class: "choices", "aria-labelledby": "question" }, passage.choices.map((one, number) => option(one, number, at, chosen, closed))),
    chosen === null ? make("div", { class: "deeds" }, back()) : null);
}

const back = () => canUndo() ? make("button", { type: "button", press: () => act(undo) }, "Take the last decision back") : null;

function answer(choice, at) {
  const title = choice.grade ? words.grades[choice.grade] : "What follows";
  const onward = choice.to === at ? "Choose again" : "Continue";
  return make("section", { class: `card answer ${hue(choice)}`, "aria-labelledby": "answer" },
    make("h3", { id: "answer", tabindex: "-1" }, choice.grade ? make("span", { class: "sign", "aria-hidden": "true" }, words.signs[choice.grade]) : null, title),
    paragraphs(choice.feedback), list(words.costs, choice.costs),
    make("div", { class: "deeds" },
      make("button", { type: "button", class: "first", press: () => act(read) }, onward), choice.to === at ? null : back()),
    sources(choice.sources));
}

function route(steps) {
  const told = steps.filter(([at]) => lesson.passages[at].choices.length > 1 || isGraded(lesson.passages[at]));
  return make("ol", { class: "route" }, told.map(([at, number]) => {
    const choice = lesson.passages[at].choices[number];
    return make("li", { class: hue(choice) },
      make("p", null, choice.text),
      make("p", { class: "small" }, make("span", { class: "quiet" }, `Day ${lesson.passages[at].day}`),
        choice.grade ? [" · ", make("span", { class: "mark" }, words.grades[choice.grade])] : null),
      choice.costs.length ? make("p", { class: "small quiet" }, choice.costs.join("; ")) : null);
  }));
}

const sameRoute = () => JSON.stringify(state.steps) === JSON.stringify(lesson.best);

function debrief() {
  const got = score();
  const summary = make("section", { class: "card" },
    make("h3", { class: "label" }, "Your score"),
    got.possible ? make("div", { class: "score" },
      make("p", { class: "big", id: "score" }, `${points(got.earned)} of ${points(got.possible)}`),
      make("p", { class: "quiet" }, `${got.percent} %, at ${got.decisions === 1 ? "the one decision" : `the ${got.decisions} decisions`} you met`)) : null,
    make("p", { class: "small quiet" }, "Your first answer at each decision counts, by what was known at that moment and never by luck. "
      + `The best way through this case earns ${points(lesson.bestScore)}.`));
  const compared = make("section", { class: "card" },
    make("h3", null, sameRoute() ? "You took the best route" : "Your route and the best one"),
    make("div", { class: "routes" },
      make("div", null, make("h4", null, "Your route"), route(state.steps)),
      make("div", null, make("h4", null, "The best route"), route(lesson.best))));
  const texts = lesson.debrief.length || lesson.misconception ? make("section", { class: "card debrief" },
    make("h3", null, "Debrief"), paragraphs(lesson.debrief),
    lesson.misconception ? [make("h4", null, "The misconception this case is about"), make("p", null, lesson.misconception)] : null) : null;
  const used = lesson.citations.map((_, number) => number);
  const references = used.length ? make("section", { class: "card" }, sources(used)) : null;
  return [summary, compared, texts, aims(), references, make("p", { class: "small quiet" }, lesson.settings),
    make("div", { class: "deeds" }, make("button", { type: "button", class: "first", press: () => act(restart) }, "Play again from the start"), back())];
}

function progress() {
  const got = score();
  const at = here();
  const open = isGraded(lesson.passages[at]) && !met().includes(at);
  const ahead = lesson.passages[at].ahead - (isGraded(lesson.passages[at]) && !open ? 1 : 0);
  const all = got.decisions + ahead;
  const current = got.decisions + (open ? 1 : 0);
  const count = (number) => `${number} ${number === 1 ? "decision" : "decisions"}`;
  const bound = ahead > 1 ? "at most " : "";
  const where = isOver() ? `Debrief after ${count(got.decisions)}` : current ? `Decision ${current} of ${bound}${all}` : `${ahead > 1 ? "At most " : ""}${count(all)} to come`;
  document.getElementById("progress").textContent = [where, `Day ${lesson.passages[at].day}`,
    got.possible ? `${points(got.earned)} of ${points(got.possible)} points${isOver() ? "" : " so far"}` : null].filter(Boolean).join(" · ");
  document.getElementById("bar").style.width = `${isOver() ? 100 : all ? Math.round((100 * got.decisions) / (all + 1)) : 0}%`;
}

function draw() {
  const at = here();
  const passage = lesson.passages[at];
  const last = state.steps[state.steps.length - 1];
  const chosen = state.told ? null : last[1];
  const panel = data(passage);
  main.replaceChildren(...[make("div", { class: panel ? "passage beside" : "passage" },
    story(passage, at), panel, ask_(passage, at, chosen), chosen === null ? null : answer(passage.choices[chosen], at)),
  ...(isOver() ? [make("div", { class: "passage ending" }, debrief())] : [])]);
  progress();
}

function act(deed) {
  deed();
  host.save(packed());
  draw();
  if (isOver()) host.finish(score());
  const at = lesson.passages[here()];
  const last = state.steps[state.steps.length - 1];
  const choice = state.told ? null : lesson.passages[last[0]].choices[last[1]];
  const target = document.getElementById(choice ? "answer" : "passage-title");
  document.getElementById("say").textContent = choice
    ? (choice.grade ? words.grades[choice.grade] : choice.text)
    : `Day ${at.day}. ${at.title}`;
  target.focus({ preventScroll: true });
  target.closest("section").scrollIntoView({ block: choice ? "nearest" : "start" });
  if (!choice) window.scrollTo(0, 0);
}

unpack(host.load());
draw();
if (isOver()) host.finish(score());
