// The customer's page in a frame of the shop's: its height, its place, and the ways out of it.
(() => {
  "use strict";
  const { say, ask, askToken, proofOf, begin, listeners, watchHeight, held, leaveEnd, isFramed } = window.doorstepFrame;
  if (!isFramed) return;
  const root = document.documentElement;
  root.dataset.framed = held.bearer ? "bearer" : "cookie";

  // ---- what is on screen ------------------------------------------------------------------------
  listeners.seen = ({ top, height }) => {
    root.style.setProperty("--ds-seen-top", `${top}px`);
    root.style.setProperty("--ds-seen-height", `${height}px`);
  };

  const ROOM = 640; // px that a dialog may ask for where the page is shorter
  const dialogRoom = () => {
    const dialog = document.querySelector("dialog[open]");
    return dialog ? Math.min(dialog.scrollHeight + 48, ROOM) : 0;
  };

  document.addEventListener("DOMContentLoaded", () => {
    say("hello");
    const measure = watchHeight(dialogRoom);
    new MutationObserver(measure).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["open"] });
    tellPlace();
  });

  // ---- the address ------------------------------------------------------------------------------
  let told = null;
  function tellPlace() {
    const path = window.location.pathname + window.location.search;
    if (path === told) return;
    const isFirst = told === null;
    told = path;
    say("at", { path });
    if (!isFirst) say("show", { top: 0, bottom: 0 });
  }
  for (const name of ["pushState", "replaceState"]) {
    const stock = history[name].bind(history);
    history[name] = (...values) => {
      stock(...values);
      tellPlace();
    };
  }
  window.addEventListener("popstate", tellPlace);

  // The shop's address has changed already: ours takes its place beside it, without a step back.
  listeners.go = ({ path }) => {
    history.replaceState({ page: path }, "", path);
    window.emitEvent?.("sub_pages_open", path);
  };

  document.addEventListener("doorstep", ({ detail }) => say("event", detail));

  // ---- what leaves the page ---------------------------------------------------------------------
  // A page of ours that is no view may not be framed, and a tab knows nothing of the frame's
  // sign-in: it is handed over by a code. The tab is opened by the press itself, or it is blocked.
  const FREE = /^\/(cancel|withdraw)(\/|\?|$)/; // whoever comes is welcome there

  async function leave(path) {
    if (FREE.test(path)) return void window.open(path, "_blank", "noopener");
    const tab = window.open("about:blank", "_blank");
    if (tab) tab.opener = null;
    const { address } = await ask("POST", "/embed/hand-off", { target: path }).catch(() => ({}));
    if (tab) tab.location.replace(new URL(address ?? path, window.location.origin));
  }

  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented) return;
    const href = link.getAttribute("href");
    if (/^https?:/.test(href)) {
      Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
    } else if (href.startsWith("/")) {
      const isView = link.target !== "_blank" && !link.hasAttribute("download");
      const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
      if (isView && !isElsewhere) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave(link.dataset.tab === undefined ? href : window.location.pathname + window.location.search);
    }
  }, { capture: true });

  window.addEventListener("submit", (event) => {
    const form = event.target;
    const path = form.getAttribute("action") ?? "";
    if (!path.startsWith("/")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (path === "/sign-out") return void signOut(new FormData(form).has("everywhere"));
    const query = new URLSearchParams(new FormData(form)).toString();
    if (form.method === "get") leave(query ? `${path}?${query}` : path);
  }, { capture: true });

  async function signOut(everywhere) {
    await ask("POST", `/embed/sign-out${everywhere ? "?everywhere=1" : ""}`).catch(() => {});
    window.location.replace("/embed?out=1");
  }

  // ---- the session's end -----------------------------------------------------------------------
  const SOON = 120000; // ms since the page was opened
  window.doorstepFrame.ended = () => leaveEnd(performance.now() < SOON ? "soon" : "late");

  // ---- the bearer -------------------------------------------------------------------------------
  // It is asked for anew before it ends: then the session goes on, and so does what is open.
  async function fetchBearer() {
    const { token } = await askToken();
    const answer = token ? await begin({ bearer: held.bearer, ...proofOf(token) }) : {};
    if (answer.isGood) Object.assign(held, { bearer: answer.bearer, seconds: answer.seconds, since: Date.now() });
    return answer.isGood;
  }

  let renewal = null; // one at a time, whoever asks for it
  function renew() {
    renewal ??= fetchBearer()
      .catch(() => false)
      .then((isGood) => {
        renewal = null;
        plan(isGood ? 1 : 0.2);
      });
    return renewal;
  }

  let timer = 0;
  function plan(share) {
    clearTimeout(timer);
    timer = setTimeout(renew, Math.max(held.seconds * 800 * share, 5000));
  }

  const isOlderThan = (share) => Date.now() - held.since > held.seconds * 1000 * share;
  if (held.bearer) {
    plan(1);
    // Timers sleep with the device.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && isOlderThan(0.8)) renew();
    });
    held.freshen = async () => isOlderThan(1) && renew();
  }
})();
