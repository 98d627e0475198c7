// Keys of a point's page follow its links: k and j to the points before and after, u to the list, e to the next moment, m mutes, o owner.
import { isTyping } from "./page.js";

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) {
    if (event.key === "Escape") event.target.closest("details.pop")?.removeAttribute("open");
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) { event.preventDefault(); link.click(); }
  const form = { m: 0, o: 1 }[event.key];
  const pop = form === undefined ? null : document.querySelectorAll("#say > details.pop")[form];
  if (pop) {
    event.preventDefault();
    pop.open = true;
    pop.querySelector("input:not([type=hidden]), textarea").focus();
  }
});

// One open at a time; a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const each of document.querySelectorAll("details.pop[open]")) if (!each.contains(event.target)) each.open = false;
});
