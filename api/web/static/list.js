// Keys of the list: j and k move from row to row, Enter opens, / searches, m mutes. Focus moves with the selection.
import { ask, isTyping, toast } from "./page.js";

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
  m: () => { const at = current(); if (at >= 0) mute(links()[at].closest(".pt")); },
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

const dialog = document.getElementById("mute");

/** Ask for how long and why, change the row at once, tell the server; a refusal puts the row back. */
function mute(row) {
  if (!dialog || row.classList.contains("muted")) return;
  const link = row.querySelector("h3 a");
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector("[data-title]").textContent = link.textContent;
  form.reason.required = false;
  form.onchange = () => { form.reason.required = form.until.value === ""; };
  dialog.onclose = () => {
    link.focus();
    if (dialog.returnValue !== "yes") return;
    const isWorse = form.until.value === "worse";
    const days = isWorse ? 0 : Number(form.until.value);
    const until = days ? new Date(Date.now() + days * 864e5).toISOString() : null;
    const beyond = isWorse ? { mute_beyond: 1 + Number(form.worse.value) / 100 } : {};
    const before = shown(row, dialog.dataset.muted);
    const id = row.id.slice(2);
    change(id, { muted: true, muted_until: until, mute_reason: form.reason.value.trim() || null, ...beyond }, before, () => {
      toast(dialog.dataset.done.replace("{title}", link.textContent), () => {
        change(id, { muted: false, muted_until: null, mute_reason: null }, () => shown(row, dialog.dataset.muted), before);
        link.focus();
      });
    });
  };
  dialog.returnValue = "";
  dialog.showModal();
}

/** The row as muted; what puts it back. */
function shown(row, word) {
  const badge = row.querySelector(".badge");
  const kept = badge.cloneNode(true);
  const fresh = badge.cloneNode(true);
  fresh.className = "badge muted";
  fresh.querySelector("use").setAttribute("href", "#i-mute");
  fresh.lastChild.textContent = word;
  badge.replaceWith(fresh);
  row.classList.add("muted");
  return () => { row.querySelector(".badge").replaceWith(kept); row.classList.remove("muted"); };
}

async function change(id, said, back, done) {
  try {
    const answer = await ask(`/v1/points/${id}`, { method: "PATCH", body: JSON.stringify(said), headers: { "Content-Type": "application/json" } });
    if (answer.ok) done();
    else { back(); toast(answer.status === 412 ? dialog.dataset.refused : (await answer.json()).detail); }
  } catch {
    back();
    toast(document.body.dataset.lost);
  }
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".pt .menu");
  if (menu && dialog && !menu.closest(".pt").classList.contains("muted")) { event.preventDefault(); mute(menu.closest(".pt")); }
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
