// Keys of the list: j and k move from row to row, Enter opens, / searches, m mutes. Focus moves with the selection.
import { isTyping } from "./page.js";

const links = () => [...document.querySelectorAll("#rows .pt h3 a")];
const current = () => links().findIndex((link) => link.closest(".pt").contains(document.activeElement));

function move(by) {
  const all = links();
  const at = current();
  const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[to]?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("q")?.focus(),
  m: () => { const at = current(); if (at >= 0) links()[at].closest(".pt").querySelector(".menu")?.click(); },
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// With script the list follows the fields by itself.
for (const each of document.querySelectorAll(".filters .plain")) each.hidden = !!window.htmx;

// Further rows: focus goes to the first new one.
document.addEventListener("htmx:after:swap", (event) => {
  const fresh = event.detail?.ctx?.target?.id === "rows" && links()[known];
  if (fresh) fresh.focus();
  known = links().length;
});
let known = links().length;
