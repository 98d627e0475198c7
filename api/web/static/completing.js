// A report that is being completed: when the rest is there, the page is loaded again, unless somebody is at work in it.
const place = document.getElementById("completing");

/** Whether nobody would be torn from anything. */
function isIdle() {
  const at = document.activeElement;
  return (!at || at === document.body || at.id === "main") && !document.querySelector("dialog[open]") && !getSelection().toString();
}

function done() {
  if (isIdle()) return location.reload();
  const link = place.querySelector("[data-again]");
  place.querySelector("span").hidden = true;
  link.textContent = link.dataset.done;
}

const source = new EventSource(place.dataset.events);
source.addEventListener("succeeded", () => { source.close(); done(); });
for (const end of ["failed", "cancelled"]) source.addEventListener(end, () => { source.close(); location.replace(place.dataset.job); });
