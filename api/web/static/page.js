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

/** Whether keys are for the field they are typed into. */
export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog");
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
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});
