// How far an analysis is, as it happens. The bar never runs backwards; the spoken status speaks every ten percent.
const job = document.getElementById("job");
const starts = job.dataset.starts.trim().split(" ").map((each) => each.split(":")).map(([name, at]) => [name, Number(at)]);
const percent = (share) => job.dataset.percent.replace("50", Math.floor(100 * share));
const whole = new Intl.NumberFormat(job.dataset.lang);
const find = (name) => job.querySelector(`[data-${name}]`);
let seen = 0;
let spoken = 0;

function shown(now) {
  const at = Math.max(starts.findIndex(([name]) => name === now.stage), 0);
  const begin = starts[at][1];
  const next = starts[at + 1]?.[1] ?? 1;
  seen = Math.max(seen, begin + (next - begin) * now.share);
  job.querySelector("progress").value = 100 * seen;
  find("share").textContent = percent(seen);
  const word = job.getAttribute(`data-said-${(now.stage ?? now.state).replaceAll(" ", "-")}`) ?? "";
  find("word").textContent = word;
  if (seen >= spoken + 0.1) {
    spoken = seen;
    find("status").textContent = `${percent(Math.floor(10 * seen) / 10)}, ${word}`;
  }
  mark(at, now);
}

function mark(at, now) {
  [...job.querySelectorAll(".stages li")].forEach((line, number) => {
    const state = number < at ? "done" : number === at ? "now" : "next";
    if (line.className !== state) {
      const words = line.children[1].textContent;
      const icon = { done: "check", now: "dot" }[state];
      line.className = state;
      line.toggleAttribute("aria-current", state === "now");
      if (state === "now") line.setAttribute("aria-current", "step");
      line.children[0].innerHTML = icon ? `<svg class="i" aria-hidden="true"><use href="#i-${icon}"/></svg>` : "";
      const strong = document.createElement("strong");
      strong.textContent = words;
      line.children[1].replaceChildren(state === "now" ? strong : words);
    }
    line.children[2].textContent = state === "now" && now.rows ? job.dataset.rows.replace("{n}", whole.format(now.rows)) : line.children[2].textContent;
  });
}

function follow() {
  const source = new EventSource(job.dataset.events);
  source.addEventListener("progress", (event) => {
    find("away").hidden = true;
    const now = JSON.parse(event.data);
    if (now.stage !== "completing") return shown(now);
    source.close();
    location.replace(job.dataset.report); // the list is there; what follows, follows on its page
  });
  source.addEventListener("succeeded", () => { source.close(); location.replace(job.dataset.report); });
  for (const end of ["failed", "cancelled"]) source.addEventListener(end, () => { source.close(); location.reload(); });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CONNECTING) return;
    source.close();
    find("away").textContent = job.dataset.lost;
    find("away").hidden = false;
    setTimeout(follow, 5000);
  });
}
follow();
