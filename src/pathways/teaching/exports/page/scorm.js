// Where a play is kept inside a learning platform: SCORM 1.2. Without a platform the page plays all the same.
const began = Date.now();
const scorm = (() => {
  for (const start of [window, window.opener]) {
    let frame = start;
    for (let level = 0; frame && level < 8; level += 1) {
      try { if (frame.API) return frame.API; } catch { break; }
      if (frame.parent === frame) break;
      frame = frame.parent;
    }
  }
  return null;
})();
const ask = (name, ...values) => {
  if (!scorm) return "";
  try { return String(scorm[name](...values)); } catch { return "false"; }
};
// What the learner has to know of the platform stands above the case; "" takes it away.
const tell = (words) => {
  let line = document.getElementById("platform");
  if (!line) {
    line = document.createElement("p");
    line.id = "platform";
    line.className = "wide";
    line.setAttribute("role", "alert");
    document.querySelector("main").before(line);
  }
  line.textContent = words;
  line.hidden = !words;
};
let open = ask("LMSInitialize", "") === "true";
// Whoever looks at a play again, or shows it, changes nothing.
const looking = open && ["review", "browse"].includes(ask("LMSGetValue", "cmi.core.lesson_mode"));
// What the platform has not taken, to be told it again. What it has no place for (401), and single answers, it is not asked for twice.
const untaken = new Map();
const put = (key, value) => {
  if (looking) return;
  untaken.delete(key);
  if (ask("LMSSetValue", key, String(value)) !== "false") return;
  if (!key.startsWith("cmi.interactions") && ask("LMSGetLastError") !== "401") untaken.set(key, value);
};
// A platform that does not take what it is told is asked again, and then it is said.
const commit = (again = 3) => {
  if (looking) return;
  for (const [key, value] of [...untaken]) put(key, value);
  if (!untaken.size && ask("LMSCommit", "") !== "false") { tell(""); return; }
  if (again > 0 && open) setTimeout(() => { if (open) commit(again - 1); }, 700);
  else tell(`The learning platform did not take this (error ${ask("LMSGetLastError") || "unknown"}). Leave the page open and answer again, or tell your teacher your score.`);
};
if (!scorm) tell("No learning platform was found: the case can be played, but nothing is kept and no score is sent.");
else if (!open) tell("The learning platform does not answer: the case can be played, but nothing is kept and no score is sent.");
const before = open ? ask("LMSGetValue", "cmi.core.lesson_status") : "";
let done = ["completed", "passed", "failed"].includes(before);
// The best score of all plays, those of this session too.
let best = open && done ? parseFloat(ask("LMSGetValue", "cmi.core.score.raw")) : NaN;
if (open && !done) put("cmi.core.lesson_status", "incomplete");

// Each first answer is told once, in all sessions: the platform cannot give back what it was told.
const sent = new Set();
let interactions = open ? parseInt(ask("LMSGetValue", "cmi.interactions._count"), 10) || 0 : 0;
const letter = (number) => "abcdefgh"[number] || "z";
const tellAnswers = () => {
  for (const [at, number] of state.first) {
    if (sent.has(at)) continue;
    sent.add(at);
    const passage = lesson.passages[at];
    const right = passage.choices.map((one, place) => [one.score, place]).filter(([score]) => score >= mostPoints(passage));
    const place = `cmi.interactions.${interactions}`;
    interactions += 1;
    put(`${place}.id`, `${mark}-${at}`);
    put(`${place}.type`, "choice");
    right.forEach(([, one], index) => put(`${place}.correct_responses.${index}.pattern`, letter(one)));
    put(`${place}.student_response`, letter(number));
    put(`${place}.result`, right.some(([, one]) => one === number) ? "correct" : "wrong");
  }
};

const mark = lesson.key.slice(0, 8);
const host = {
  // What is kept: the mark of this wording, which first answers have been told in whatever play, and the play.
  load() {
    const [kept, told, ...text] = (open ? ask("LMSGetValue", "cmi.suspend_data") : "").split("~");
    if (kept !== mark || !text.length) return null;
    told.split(" ").filter(Boolean).forEach((one) => sent.add(Number(one)));
    return text.join("~");
  },
  save(text) {
    if (!open) return;
    tellAnswers();
    const kept = `${mark}~${[...sent].join(" ")}~${text}`;
    if (kept.length > 4096) return;
    put("cmi.suspend_data", kept);
    commit();
  },
  // A second play never lowers what the platform holds already.
  finish(result) {
    if (!open) return;
    best = Number.isFinite(best) ? Math.max(best, result.percent) : result.percent;
    put("cmi.core.score.min", 0);
    put("cmi.core.score.max", 100);
    put("cmi.core.score.raw", best);
    // With a pass mark the best play decides, so that a later pass lifts an earlier failure; without one it is completed.
    if (lesson.passMark !== undefined) put("cmi.core.lesson_status", best >= lesson.passMark ? "passed" : "failed");
    else if (!done) put("cmi.core.lesson_status", "completed");
    done = true;
    commit();
  },
};

const sessionTime = () => {
  const all = Math.max(0, Date.now() - began) / 10;
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${String(Math.floor(all / 360000)).padStart(4, "0")}:${two((all / 6000) % 60)}:${two((all / 100) % 60)}.${two(all % 100)}`;
};
const leave = () => {
  if (!open) return;
  open = false;
  put("cmi.core.session_time", sessionTime());
  put("cmi.core.exit", done ? "" : "suspend");
  if (!looking) ask("LMSCommit", "");
  ask("LMSFinish", "");
};
window.addEventListener("pagehide", leave);
// Back from where the browser kept it: the session with the platform is over, so the page begins again.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
