// Files by drop, button or folder, resumable where the protocol's client is there, else as one form.
import { ask } from "./page.js";

const form = document.getElementById("drop");
const box = document.getElementById("sending");
const list = box.querySelector("ul");
const said = box.dataset;
const bytes = (n) => new Intl.NumberFormat(said.lang, { style: "unit", unit: n < 1e6 ? "kilobyte" : n < 1e9 ? "megabyte" : "gigabyte", maximumFractionDigits: n < 1e6 ? 0 : 1 })
  .format(n / (n < 1e6 ? 1e3 : n < 1e9 ? 1e6 : 1e9));
const left = (s) => (s < 90 ? said.second : said.minute).replace("{n}", Math.max(Math.round(s < 90 ? s : s / 60), 1));
const token = document.querySelector('meta[name="csrf"]')?.content;

for (const each of form.querySelectorAll("[data-plain]")) each.hidden = true;
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => { send([...input.files]); input.value = ""; });
}

// Dropping anywhere on the page works; the buttons do the same.
addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  send(entries.length ? (await Promise.all(entries.map(inside))).flat() : [...event.dataTransfer.files]);
});

/** All files of an entry, folders looked through. */
async function inside(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(inside))).flat();
}

async function send(files) {
  files = files.filter((file) => file.size && !file.name.startsWith("."));
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
  if (!files.length) return tell(said.empty);
  try {
    const ids = [];
    // Three at a time: a folder of recordings would else open hundreds of connections.
    const queue = files.map((file, at) => async () => { ids[at] = await (window.tus ? resumable(file) : whole(file)); });
    await Promise.all([0, 1, 2].map(async () => { while (queue.length) await queue.shift()(); }));
    const arrived = ids.filter(Boolean);
    if (!arrived.length) return;
    const body = new URLSearchParams(arrived.map((id) => ["upload", id]));
    const answer = await ask("/uploads/together", { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.ok) location.assign(answer.url);
    else tell(said.refused);
  } catch (fault) {
    if (fault.message !== "given up") tell(fault.message);
  }
}

function line(file) {
  const item = document.createElement("li");
  item.className = "tight";
  const name = Object.assign(document.createElement("code"), { textContent: file.name });
  const count = Object.assign(document.createElement("span"), { className: "quiet push" });
  const meter = Object.assign(document.createElement("progress"), { className: "meter", max: file.size, value: 0 });
  meter.setAttribute("aria-label", file.name);
  const rate = Object.assign(document.createElement("span"), { className: "small quiet" });
  const pause = Object.assign(document.createElement("button"), { type: "button", className: "btn s", textContent: said.pause });
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "btn s bare", textContent: said.cancel });
  const [top, foot, buttons] = [0, 1, 2].map(() => Object.assign(document.createElement("div"), { className: "row" }));
  buttons.classList.add("push");
  buttons.append(pause, cancel);
  top.append(name, count);
  foot.append(rate, buttons);
  item.append(top, meter, foot);
  list.append(item);
  return { item, count, meter, rate, pause, cancel, buttons };
}

function tell(words) {
  box.querySelector("[role=status]").textContent = words;
  list.append(Object.assign(document.createElement("li"), { className: "note stop", textContent: words }));
}

/** One upload by the tus protocol; its id, or nothing when it was cancelled. */
function resumable(file) {
  const row = line(file);
  return new Promise((done) => {
    let began = 0;
    let first = 0;
    let paused = false;
    const upload = new tus.Upload(file, {
      endpoint: "/v1/uploads/resumable",
      metadata: { filename: file.name },
      headers: token ? { "X-CSRF-Token": token } : {},
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      removeFingerprintOnSuccess: true,
      onShouldRetry: (fault) => { row.rate.textContent = said.failed; return !fault.originalResponse || fault.originalResponse.getStatus() >= 500 || fault.originalResponse.getStatus() === 423; },
      onProgress: (sent, all) => {
        if (!began) { began = performance.now(); first = sent; }
        const seconds = (performance.now() - began) / 1000;
        const speed = seconds > 0.5 ? (sent - first) / seconds : 0;
        row.meter.value = sent;
        row.count.textContent = said.of.replace("{done}", bytes(sent)).replace("{all}", bytes(all));
        if (speed) row.rate.textContent = said.speed.replace("{speed}", bytes(speed)).replace("{left}", left((all - sent) / speed));
      },
      onSuccess: () => { arrived(row, file); done(upload.url.split("/").pop()); },
      onError: (fault) => { row.rate.textContent = problem(fault); row.item.classList.add("note", "stop"); row.buttons.hidden = true; done(); },
    });
    row.pause.addEventListener("click", () => {
      paused = !paused;
      began = 0;
      row.pause.textContent = paused ? said.resume : said.pause;
      if (paused) { upload.abort(); row.rate.textContent = said.paused; } else upload.start();
    });
    row.cancel.addEventListener("click", () => { upload.abort(true); row.item.remove(); done(); });
    upload.findPreviousUploads().then((before) => {
      if (before.length) upload.resumeFromPreviousUpload(before[0]);
      upload.start();
    });
  });
}

function problem(fault) {
  try { return JSON.parse(fault.originalResponse.getBody()).detail; } catch { return said.failed; }
}

function arrived(row, file) {
  row.meter.value = file.size;
  row.count.textContent = bytes(file.size);
  row.rate.textContent = said.arrived;
  row.buttons.hidden = true;
}

/** Without the client of the protocol: the file in one piece. */
async function whole(file) {
  const row = line(file);
  row.pause.hidden = row.cancel.hidden = true;
  const body = new FormData();
  body.append("file", file, file.name);
  const answer = await ask("/v1/uploads", { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) { row.rate.textContent = told.detail; row.item.classList.add("note", "stop"); return undefined; }
  arrived(row, file);
  return told.upload_id;
}
