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
  try { return String(scorm[name](...values)); } catch { return ""; }
};
const put = (key, value) => ask("LMSSetValue", key, String(value));
let open = ask("LMSInitialize", "") === "true";
const before = open ? ask("LMSGetValue", "cmi.core.lesson_status") : "";
const rawBefore = open ? parseFloat(ask("LMSGetValue", "cmi.core.score.raw")) : NaN;
let done = ["completed", "passed", "failed"].includes(before);
if (open && !done) put("cmi.core.lesson_status", "incomplete");

const mark = lesson.key.slice(0, 8);
const host = {
  load() {
    const kept = open ? ask("LMSGetValue", "cmi.suspend_data") : "";
    return kept.startsWith(`${mark}~`) ? kept.slice(mark.length + 1) : null;
  },
  save(text) {
    const kept = `${mark}~${text}`;
    if (!open || kept.length > 4096) return;
    put("cmi.suspend_data", kept);
    ask("LMSCommit", "");
  },
  // A second play never lowers what the platform holds already.
  finish(result) {
    if (!open) return;
    const raw = Number.isFinite(rawBefore) && done ? Math.max(rawBefore, result.percent) : result.percent;
    put("cmi.core.score.min", 0);
    put("cmi.core.score.max", 100);
    put("cmi.core.score.raw", raw);
    if (!done) put("cmi.core.lesson_status", "completed");
    done = true;
    ask("LMSCommit", "");
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
  ask("LMSCommit", "");
  ask("LMSFinish", "");
};
window.addEventListener("pagehide", leave);
