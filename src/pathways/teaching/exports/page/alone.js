// Where a play is kept when the page stands alone: in the browser, if it lets us.
const slot = `pathways-teaching:${lesson.key}`;
const host = {
  load() {
    try { return window.localStorage.getItem(slot); } catch { return null; }
  },
  save(text) {
    try { window.localStorage.setItem(slot, text); } catch { /* private mode: the play is not kept */ }
  },
  finish() {},
};
