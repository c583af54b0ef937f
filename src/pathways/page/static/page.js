"use strict";
// Sends the form as it is changed and puts the answer in place: focus, scroll and what was typed meanwhile stay; stale answers are dropped.
// Without this file every control posts the same form.
(() => {
  const form = () => document.getElementById("sitting");
  let flying = null;
  let unsent = false;
  const QUIET_MS = 2500;

  const values = () => {
    const found = new Map();
    for (const one of form().querySelectorAll("input, textarea, select"))
      if (one.id && one.type !== "hidden") found.set(one.id, one.type === "checkbox" || one.type === "radio" ? one.checked : one.value);
    return found;
  };

  const put = (text, sent, address) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.getElementById("sitting")) return false;
    const focus = document.activeElement && document.activeElement.id;
    const at = document.activeElement && "selectionStart" in document.activeElement ? [document.activeElement.selectionStart, document.activeElement.selectionEnd] : null;
    const typed = values();
    const open = new Set([...document.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
    const moved = fresh.body.className !== document.body.className;
    document.title = fresh.title;
    document.documentElement.className = fresh.documentElement.className;
    document.body.className = fresh.body.className;
    form().action = fresh.getElementById("sitting").getAttribute("action");
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...document.importNode(other, true).childNodes);
    }
    ready();
    if (address !== location.pathname) history.replaceState(null, "", address);
    if (moved) {
      window.scrollTo(0, 0);
      document.getElementById("main").focus({ preventScroll: true });
      return true;
    }
    for (const one of document.querySelectorAll("details > summary")) if (open.has(one.textContent)) one.parentElement.open = true;
    for (const [id, value] of typed) {
      if (!sent || sent.get(id) === value) continue;
      // Typed while the answer was on its way: it stays, and is sent next.
      const one = document.getElementById(id);
      if (one && typeof value === "boolean") one.checked = value;
      else if (one) one.value = value;
      unsent = true;
    }
    const one = focus && document.getElementById(focus);
    if (one) {
      one.focus({ preventScroll: true });
      if (at && at[0] !== null && "selectionStart" in one && one.type !== "checkbox") try { one.setSelectionRange(at[0], at[1]); } catch { /* a kind of field without a selection */ }
    }
    return true;
  };

  const send = async (button) => {
    // A change overtakes a change; what a button does is waited for.
    if (flying && flying.overtaken) flying.stop.abort();
    while (flying && !flying.overtaken) await flying.done;
    const mine = { overtaken: !(button && button.name), stop: new AbortController() };
    mine.done = post(button, mine).finally(() => { if (flying === mine) flying = null; });
    flying = mine;
    return mine.done;
  };

  const post = async (button, mine) => {
    unsent = false;
    const data = new URLSearchParams(new FormData(form()));
    if (button && button.name) data.append(button.name, button.value);
    const address = new URL((button && button.getAttribute("formaction")) || form().getAttribute("action"), location.href).pathname;
    const sent = values();
    document.documentElement.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: "POST", body: data, signal: mine.stop.signal });
      const text = await answer.text();
      if (!mine.stop.signal.aborted && !put(text, sent, address)) throw new Error(text);
      if (unsent) setTimeout(() => unsent && send(null), 0);
    } catch (error) {
      if (!mine.stop.signal.aborted) say(String(error.message || error));
    } finally {
      if (!mine.stop.signal.aborted) document.documentElement.removeAttribute("aria-busy");
    }
  };

  const say = (words) => {
    const one = document.createElement("p");
    one.className = "note bad";
    one.setAttribute("role", "alert");
    one.textContent = words;
    document.getElementById("main").prepend(one);
  };

  // What takes longer than a click may is asked for when the screen has been left alone for a while, and filled in where it belongs.
  let later = 0;
  const ask = async () => {
    const asking = document.querySelector("[data-later]");
    if (!asking || flying || unsent) return;
    const data = new URLSearchParams(new FormData(form()));
    data.append("do", asking.dataset.later);
    try {
      const answer = await fetch(form().getAttribute("action"), { method: "POST", body: data });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!asking.isConnected) return;
      for (const one of document.querySelectorAll("[data-fill]")) {
        const other = fresh.querySelector(`[data-fill="${one.dataset.fill}"]`);
        if (other && other.textContent.trim()) one.replaceChildren(...document.importNode(other, true).childNodes);
      }
      if (!asking.contains(document.activeElement) && !fresh.querySelector("[data-later]")) asking.remove();
    } catch { /* the button stays */ }
  };

  // Every time a part is new: what needs this script comes to life.
  const ready = () => {
    clearTimeout(later);
    later = setTimeout(ask, QUIET_MS);
    const print = document.getElementById("print");
    if (print) print.onclick = () => window.print();
    for (const one of document.querySelectorAll(".faces .face"))
      one.onclick = () => document.getElementById(`segment-${one.dataset.segment}`).click();
    for (const one of document.querySelectorAll("input[type=range]")) {
      const told = document.getElementById(`${one.id}-told`);
      if (told) one.oninput = () => { told.textContent = `${one.value} ${one.dataset.unit || ""}`; };
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send(event.submitter);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form !== form()) return;
    unsent = true;
    if (!("still" in event.target.dataset) && event.target.type !== "hidden") setTimeout(() => unsent && send(null), 0);
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("[data-cite]");
    const entry = mark && document.getElementById(mark.dataset.cite);
    if (!entry) return;
    entry.closest("details").open = true;
    if (!event.target.closest("a")) location.hash = entry.id;
  });
  const MARKS = { d: "deep", "?": "suspected", x: "vanished" };
  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (on.dataset && on.dataset.segment && MARKS[event.key]) {
      const found = [...document.querySelectorAll(`[data-mark="${MARKS[event.key]}"]`)].reverse();
      const mark = found.find((one) => one.dataset.segments.split(" ").includes(on.dataset.segment));
      if (mark) send(mark);
    }
    if (on.closest && on.closest(".arrows") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const all = [...document.querySelectorAll(".arrows a")];
      const next = all[all.indexOf(on) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(".unsaved") || unsent) event.preventDefault();
  });
  ready();
})();
