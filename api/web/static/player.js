// The controls of a recording. The recorded page lies in the frame inside, which is somebody else's to this document.
(() => {
  const get = (id) => document.getElementById(id);
  const { dataset } = get("player");
  const start = Number(dataset.start);
  const length = Number(dataset.end) - start;
  const moment = dataset.moment ? Math.min(Math.max(Number(dataset.moment) - start, 0), length) : 0;
  const screen = get("screen");
  const size = { width: 1280, height: 800 };
  let playing = false;
  let at = moment;
  let still = false;

  const ask = (what, values = {}) => screen.contentWindow.postMessage({ do: what, ...values }, "*");
  const words = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

  function show(ms) {
    at = Math.min(Math.max(ms, 0), length);
    get("seek").value = at;
    get("seek").setAttribute("aria-valuetext", `${words(at)} / ${words(length)}`);
    get("clock").textContent = `${words(at)} / ${words(length)}`;
  }

  function set(on) {
    playing = on;
    get("play").textContent = on ? dataset.pause : dataset.play;
  }

  function go(ms) {
    set(false);
    show(ms);
    ask("pause", { at });
  }

  function play() {
    if (playing) { set(false); ask("pause"); return; }
    const from = at >= length - 200 ? 0 : still ? Math.max(at - Number(dataset.before), 0) : at;
    still = false;
    set(true);
    ask("play", { at: from });
  }

  function fit() {
    const room = get("view").getBoundingClientRect();
    const scale = Math.min(room.width / size.width, room.height / size.height, 1);
    const page = get("page").style;
    page.width = `${size.width}px`;
    page.height = `${size.height}px`;
    page.transform = `scale(${scale})`;
    page.left = `${Math.max((room.width - size.width * scale) / 2, 0)}px`;
    get("cursor").style.setProperty("--grow", String(1 / Math.max(scale, 0.2)));
  }

  const heard = {
    ready() { fit(); go(moment); still = true; document.body.dataset.ready = "true"; },
    size({ width, height }) { Object.assign(size, { width: width || size.width, height: height || size.height }); fit(); },
    time({ at: ms }) { if (playing) show(ms); },
    mouse({ x, y }) { const cursor = get("cursor"); cursor.hidden = false; cursor.style.left = `${x}px`; cursor.style.top = `${y}px`; },
    press() { const cursor = get("cursor"); cursor.classList.remove("press"); void cursor.offsetWidth; cursor.classList.add("press"); },
    finish() { set(false); show(length); },
  };
  addEventListener("message", (event) => { if (event.source === screen.contentWindow) heard[event.data.kind]?.(event.data); });

  get("play").addEventListener("click", play);
  get("moment")?.addEventListener("click", () => { go(moment); still = true; });
  get("seek").addEventListener("input", () => { still = false; go(Number(get("seek").value)); });
  get("speed").addEventListener("change", () => ask("set", { config: { speed: Number(get("speed").value) } }));
  get("skip").addEventListener("change", () => ask("set", { config: { skipInactive: get("skip").checked } }));
  addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, button")) return;
    if (event.key === " ") { event.preventDefault(); play(); }
  });
  addEventListener("resize", fit);
  show(moment);
})();
