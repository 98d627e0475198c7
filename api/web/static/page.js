// What every page has: folds open on paper, toasts with undo, keys that follow links. Nothing here is needed to read.

const token = document.querySelector('meta[name="csrf"]')?.content;

/** Fetch with the mark that only our own pages can set. */
export function ask(address, options = {}) {
  const headers = new Headers(options.headers);
  if (token) headers.set("X-CSRF-Token", token);
  return fetch(address, { ...options, headers, credentials: "same-origin" });
}

/** Say something for ten seconds; longer while it is pointed at or focused. With `undo`, a button that calls it. */
export function toast(words, undo) {
  const place = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = "toast";
  box.append(Object.assign(document.createElement("span"), { textContent: words }));
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: document.body.dataset.undo });
    button.addEventListener("click", () => { box.remove(); undo(); });
    box.append(button);
  }
  place.append(box);
  const leave = () => { box.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : box.remove(); };
  setTimeout(leave, 10000);
}

const OFF = "friction.keys.off";

/** Whether keys are for the field they are typed into, or are switched off. */
export function isTyping(event) {
  return localStorage.getItem(OFF) !== null || isElsewhere(event);
}

function isElsewhere(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  // A dialog that was closed keeps the focus for a moment, until the page is drawn anew.
  return !event.target.closest("dialog:not([open])") && event.target.closest("input, textarea, select, [contenteditable], dialog");
}

document.addEventListener("htmx:config:request", (event) => {
  if (token) event.detail.ctx.request.headers["X-CSRF-Token"] = token;
});

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open]):not(.twin)")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });

for (const opener of document.querySelectorAll("[data-dialog]")) {
  const dialog = document.getElementById(opener.dataset.dialog);
  opener.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
}
// Without script these would do nothing.
for (const each of document.querySelectorAll("button[data-dialog][hidden]")) each.hidden = false;

// On a narrow screen the views of a report are a strip that is moved sideways: the one at hand is in sight. Only
// strips at the top are: what lies further down would move the page.
for (const each of document.querySelectorAll('.nav [aria-current], .tabs [aria-current]')) each.scrollIntoView({ block: "nearest", inline: "center" });

// `?` shows what keys do; `g` and a letter go to a page. Asked before the keys of single pages are.
const keys = document.getElementById("keys");
const PLACES = { l: "points", f: "forms", j: "journey", c: "compare" };
let begun = false;
document.addEventListener("keydown", (event) => {
  if (!keys || isElsewhere(event)) return;
  if (event.key === "?") { event.preventDefault(); keys.showModal(); return; }
  if (isTyping(event)) return;
  const link = begun && document.querySelector(`[data-go="${PLACES[event.key]}"]`);
  begun = event.key === "g";
  if (link) { event.stopImmediatePropagation(); event.preventDefault(); link.click(); }
}, true);
addEventListener("pointerdown", () => { begun = false; });
const on = document.getElementById("keys-on");
if (on) {
  on.checked = localStorage.getItem(OFF) === null;
  on.addEventListener("change", () => { if (on.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});
