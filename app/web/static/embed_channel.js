// In the frame: what is said to the shop's page around it and heard from it. The pages that may be
// around it are named by the server, before this text.
window.doorstepFrame = ((before) => {
  "use strict";
  const parents = window.doorstepParents;
  delete window.doorstepParents;
  const ANSWER_WITHIN = 20000; // ms; the shop asks its own server

  // The browser has let us be framed, so whoever is around us is one of these.
  const around = window.location.ancestorOrigins?.[0];
  const origins = around ? parents.filter((origin) => origin === around) : parents;

  const isText = (value, longest) => typeof value === "string" && value.length <= longest;
  const isSize = (value) => Number.isFinite(value) && value >= 0 && value <= 100000;
  const heard = {
    look: ({ scheme }) => scheme === "light" || scheme === "dark",
    seen: ({ top, height }) => isSize(top) && isSize(height),
    go: ({ path }) => isText(path, 1024) && /^\/(?![/\\])[^\\\x00-\x20]*$/.test(path),
    token: ({ token, failed, language }) =>
      isText(language, 100) && (failed === true || token === null || token === undefined || isText(token, 4096)),
  };
  const listeners = {};

  function say(kind, values) {
    for (const origin of origins) window.parent.postMessage({ ...values, doorstep: kind }, origin);
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || !origins.includes(origin)) return;
    if (typeof data !== "object" || data === null || !Object.hasOwn(heard, data.doorstep)) return;
    if (heard[data.doorstep](data)) listeners[data.doorstep]?.(data);
  });

  // What the shop says about its customer: {token}, where null is "nobody is signed in" and
  // undefined "we never say", or {failed}.
  function askToken() {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ failed: true }), ANSWER_WITHIN);
      listeners.token = (answer) => {
        clearTimeout(timer);
        held.language = LANGUAGE.test(answer.language) ? answer.language : "";
        resolve(answer);
      };
      say("token");
    });
  }

  const LANGUAGE = /^(?=.{2,35}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/; // other words are none, so ours it is

  // A signed token has dots. What has none is a code of the shop's proxy.
  const proofOf = (token) => (token.includes(".") ? { token } : { code: token });
  const begin = (proof) => ask("POST", "/embed/session", { ...proof, ...(held.language && { language: held.language }) });

  // Asks our own server, as who holds the bearer where there is no cookie.
  async function ask(method, path, body) {
    const headers = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (held.bearer) headers.Authorization = `Bearer ${held.bearer}`;
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
    return { isGood: answer.ok, status: answer.status, ...(await answer.json().catch(() => ({}))) };
  }

  // Light or dark as the shop's page is, which need not be what the reader's device prefers.
  const ASKED = /\(prefers-color-scheme:\s*(light|dark)\)/;
  const asked = new Map(); // rule → the scheme it is for
  function show(scheme) {
    document.documentElement.style.colorScheme = scheme;
    for (const sheet of document.styleSheets) {
      if (sheet.href && new URL(sheet.href).origin !== location.origin) continue;
      for (const rule of sheet.cssRules) {
        const found = rule instanceof CSSMediaRule && ASKED.exec(rule.media.mediaText);
        if (found) asked.set(rule, found[1]);
      }
    }
    asked.forEach((one, rule) => (rule.media.mediaText = one === scheme ? "all" : "not all"));
  }
  listeners.look = ({ scheme }) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => show(scheme));
    show(scheme);
  };

  // The page's scripts take storage for granted. Where the browser forbids it, memory will do.
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      window[name].length;
    } catch {
      const kept = {};
      const store = {
        getItem: (key) => (Object.hasOwn(kept, key) ? kept[key] : null),
        setItem: (key, value) => (kept[key] = String(value)),
        removeItem: (key) => delete kept[key],
      };
      const memory = new Proxy(kept, {
        get: (_, key) => store[key] ?? (Object.hasOwn(kept, key) ? kept[key] : undefined),
      });
      Object.defineProperty(window, name, { value: memory, configurable: true });
    }
  }

  // Height of what is shown; the frame itself is never the measure, or it would grow by itself.
  function watchHeight(extra = () => 0) {
    let told = 0;
    const body = document.body; // the page may be written anew, and then has another one
    const measure = () => {
      if (body !== document.body) return;
      const height = Math.ceil(Math.max(body.getBoundingClientRect().height, extra()));
      if (height !== told) say("height", { height: (told = height) });
    };
    new ResizeObserver(measure).observe(body);
    measure();
    return measure;
  }

  // A page whose session ended under it says so to the one that is loaded in its place: "soon" where
  // it had just begun. The frame's name lasts, also where storage is forbidden.
  const lastEnd = /^doorstep-(soon|late)$/.exec(window.name)?.[1] ?? null;
  if (lastEnd) window.name = "";
  const leaveEnd = (when) => (window.name = `doorstep-${when}`);

  const held = before?.held ?? { bearer: null, seconds: 0, language: "" };
  const isFramed = window.parent !== window;
  return { say, ask, askToken, proofOf, begin, listeners, watchHeight, held, lastEnd, leaveEnd, isFramed };
})(window.doorstepFrame);
