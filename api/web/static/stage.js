// The recorded page, rebuilt in this very document: a sandboxed frame cannot look into a frame of its own, so the
// player gets this document in place of the one it would make. The controls lie in the frame around it.
(() => {
  const events = JSON.parse(document.getElementById("events").textContent);
  const tell = (kind, values = {}) => parent.postMessage({ kind, ...values }, "*");
  const create = document.createElement.bind(document);

  // Opening a document anew would end what listens here; emptying it is all the player wants of it.
  document.open = () => { document.replaceChildren(); return document; };
  document.close = () => {};
  document.write = () => {};

  function standIn() {
    const screen = create("div");
    Object.defineProperty(screen, "contentDocument", { value: document });
    Object.defineProperty(screen, "contentWindow", { value: window });
    return screen;
  }

  function begin() {
    const root = create("div");
    document.body.append(root);
    document.createElement = (name, options) => (name === "iframe" ? standIn() : create(name, options));
    const replayer = new rrweb.Replayer(events, {
      root,
      mouseTail: false,
      useVirtualDom: false,
      triggerFocus: false,
      skipInactive: true,
      inactivePeriodThreshold: 5000,
      showWarning: false,
      showDebug: false,
      insertStyleRules: [
        "html { pointer-events: none !important; scrollbar-width: none; background: white }",
        "img:not([src]), video, canvas, object, iframe { background: #8a969433; outline: 1px solid #8a969466; outline-offset: -1px }",
      ],
    });
    document.createElement = create;
    // Lets the player build into this document. What protects it is the policy: nothing but these scripts can run, in
    // an origin that is nobody's, without a network. (Canvases are not drawn: the option of that name stays off.)
    replayer.UNSAFE_replayCanvas = true;
    replayer.on("resize", ({ width, height }) => tell("size", { width, height }));
    replayer.on("finish", () => tell("finish"));
    replayer.on("mouse-interaction", ({ type }) => { if (type === 2 || type === 7) tell("press"); });
    const mouse = new MutationObserver(() => tell("mouse", { x: parseFloat(replayer.mouse.style.left), y: parseFloat(replayer.mouse.style.top) }));
    mouse.observe(replayer.mouse, { attributes: true, attributeFilter: ["style"] });
    const clock = () => { tell("time", { at: replayer.getCurrentTime() }); requestAnimationFrame(clock); };
    requestAnimationFrame(clock);
    const doing = {
      play: ({ at }) => replayer.play(at),
      pause: ({ at }) => replayer.pause(at),
      set: ({ config }) => replayer.setConfig(config),
    };
    addEventListener("message", (event) => { if (event.source === parent) doing[event.data.do]?.(event.data); });
    tell("ready");
  }

  // After the parser has gone, for emptying a document that is still being read does nothing.
  addEventListener("load", () => setTimeout(begin));
})();
