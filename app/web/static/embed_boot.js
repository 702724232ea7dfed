// The first page in the frame: finds out who the customer is, and shows their page.
(() => {
  "use strict";
  const { say, ask, askToken, proofOf, begin, watchHeight, held, lastEnd, isFramed } = window.doorstepFrame;
  const asked = new URLSearchParams(window.location.search);
  const next = localPath(asked.get("next")) ?? "/";
  if (!isFramed) return window.location.replace(next);

  document.documentElement.dataset.framed = "";
  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  let popup = null;

  function localPath(path) {
    if (!path || path.length > 1024 || !/^\/(?![/\\])[^\\\x00-\x20]*$/.test(path)) return null;
    const url = new URL(path, window.location.origin);
    return url.origin === window.location.origin && !/^\/embed(\/|$)/.test(url.pathname) ? path : null;
  }

  function show(name) {
    for (const one of document.querySelectorAll("[data-part]")) one.hidden = one !== part(name);
    for (const link of document.querySelectorAll("[data-tab]")) link.href = next;
  }

  function fail(reason, words) {
    if (words) console.error(`doorstep: ${words}`);
    say("event", { name: "failed", detail: { reason } });
    show("trouble");
  }

  async function start() {
    show("wait");
    const { token, failed } = await askToken();
    if (failed) return fail("no-token");
    if (token) return enterBy(proofOf(token));
    const { session } = await ask("GET", "/embed/session");
    if (session && token === undefined) return window.location.replace(next);
    // Nobody is signed in to the shop any more: so nobody is here.
    if (session) await ask("POST", "/embed/sign-out");
    say("event", { name: "signed-out", detail: {} });
    show("sign-in");
  }

  async function enterBy(proof, isSecond = false) {
    const answer = await begin(proof);
    if (answer.isGood) return enter(answer);
    if (proof.token && !isSecond && ["expired", "used"].includes(answer.reason)) {
      const { token } = await askToken();
      if (token) return enterBy(proofOf(token), true);
    }
    fail(answer.reason ?? "no-session", answer.error);
  }

  async function enter({ bearer, seconds }) {
    say("event", { name: "signed-in", detail: {} });
    held.bearer = bearer; // the cookie must be of the same session: there may be one of another's
    const { session } = await ask("GET", "/embed/session");
    if (session) return window.location.replace(next);
    await write(bearer, seconds);
  }

  // ---- where the browser keeps no cookie --------------------------------------------------------
  // The page is fetched with the bearer, which only memory holds, and takes the place of this one.
  async function write(bearer, seconds) {
    const headers = { Authorization: `Bearer ${bearer}`, Accept: "text/html" };
    const answer = await fetch(next, { headers, redirect: "manual", cache: "no-store" });
    if (answer.headers.get("x-nicegui-content") !== "page") return fail("no-page");
    const text = await answer.text();
    Object.assign(held, { bearer, seconds, since: Date.now() });
    trapSocket();
    history.replaceState(null, "", next);
    document.open();
    // markup: the customer's page, as our own server has sent it for this address
    document.write(text);
    document.close();
  }

  // The page's script makes its socket by itself, and knows of no bearer.
  function trapSocket() {
    let make;
    const greet = async (give) => {
      await held.freshen?.(); // a device that slept comes back with a bearer that is over
      give({ bearer: held.bearer });
    };
    const withBearer = (url, options) => make(url, { ...options, transports: ["websocket"], auth: greet });
    Object.defineProperty(window, "io", { configurable: true, get: () => withBearer, set: (io) => (make = io) });
  }

  // ---- where the shop vouches for nobody -----------------------------------------------------
  // Mailboxes and identity providers are no business of a frame: they open in a window of their own.
  function signIn() {
    const target = "/sign-in?next=/embed/back";
    popup = window.open(target, "doorstep-sign-in", "popup,width=480,height=720");
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    if (!popup || source !== popup || origin !== window.location.origin) return;
    if (data?.doorstep !== "code" || typeof data.code !== "string" || data.code.length > 200) return;
    popup = null;
    enterBy({ code: data.code });
  });

  const guard = (work) => () => work().catch((error) => fail("unreachable", error.message));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-do]");
    if (button) ({ "sign-in": signIn, again: guard(start) })[button.dataset.do]();
  });

  // A customer has few sessions at a time, so each frame that begins one may end another's. Were that
  // one to begin anew by itself, they would go on like this for ever.
  function elsewhere() {
    say("event", { name: "failed", detail: { reason: "elsewhere" } });
    show("elsewhere");
  }

  // One that nobody looks at waits: what is looked at is not ended for it.
  function whenSeen(work) {
    if (document.visibilityState === "visible") return work();
    show("wait");
    document.addEventListener("visibilitychange", work, { once: true });
  }

  say("hello");
  watchHeight();
  // Who has just signed out is not signed in again unasked.
  if (asked.has("out")) show("out");
  else if (lastEnd === "soon") elsewhere();
  else if (lastEnd) whenSeen(guard(start));
  else guard(start)();
})();
