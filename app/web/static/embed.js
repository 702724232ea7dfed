// Places the portal in the shop's page: a frame as high as what stands in it. The script tag says
// what is wanted (docs/embedding.md); words come from the server, before this text.
(() => {
  "use strict";
  const script = document.currentScript;
  const words = window.doorstepWords;
  delete window.doorstepWords;
  if (!script) return console.error("doorstep: embed.js must be a plain script, without type=module");

  const portal = new URL(script.src).origin;
  const wishes = script.dataset;
  const follows = wishes.hash !== "off";
  const LEAST = 240; // px: room for what is said before the portal has told its height
  const LARGEST = 100000; // px: what a portal could have to show at most
  const PATIENCE = 15000; // ms after which a frame that says nothing is taken for shut out

  // ---- what is said across the border ---------------------------------------------------------
  // Only our own frame is listened to, at our own origin, and only in these forms.
  const isText = (value, longest) => typeof value === "string" && value.length <= longest;
  const isSize = (value) => Number.isFinite(value) && value >= 0 && value <= LARGEST;
  const isPath = (value) => isText(value, 1024) && /^\/(?![/\\])[^\\\x00-\x20]*$/.test(value);
  const heard = {
    hello: () => true,
    token: () => true,
    height: ({ height }) => isSize(height),
    at: ({ path }) => isPath(path),
    show: ({ top, bottom }) => isSize(top) && isSize(bottom),
    event: ({ name, detail }) => /^[a-z][a-z-]{1,40}$/.test(name) && typeof detail === "object" && detail !== null,
  };

  const box = document.createElement("div");
  const frame = document.createElement("iframe");
  let at = null; // the view that the frame shows, as it told last
  let isHeard = false;
  let givenToken = wishes.token; // one that stands in the page works once

  function say(kind, values) {
    frame.contentWindow?.postMessage({ ...values, doorstep: kind }, portal);
  }

  function tell(name, detail) {
    box.dispatchEvent(new CustomEvent(`doorstep:${name}`, { bubbles: true, detail }));
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== portal) return;
    if (typeof data !== "object" || data === null || !Object.hasOwn(heard, data.doorstep)) return;
    if (!heard[data.doorstep](data)) return;
    isHeard = true;
    answers[data.doorstep](data);
  });

  const answers = {
    hello() {
      sayLook();
      saySeen();
    },
    height({ height }) {
      frame.style.height = `${Math.max(Math.ceil(height), LEAST)}px`;
      saySeen();
    },
    at({ path }) {
      const before = at;
      at = path;
      if (follows && path !== (wanted() ?? "/")) {
        const here = path === "/" ? location.pathname + location.search : `#${path}`;
        history.replaceState(history.state, "", here);
      }
      if (before === null) tell("ready", { path });
      else if (before !== path) tell("view", { path });
    },
    show({ top, bottom }) {
      bringIntoView(top, bottom);
    },
    event({ name, detail }) {
      tell(name, detail);
    },
    async token() {
      try {
        say("token", { token: await findToken(), language: language() });
      } catch (error) {
        console.error("doorstep: no token could be had", error);
        say("token", { failed: true, language: language() });
      }
    },
  };

  // ---- who the customer is ------------------------------------------------------------------
  // A text, or null where nobody is signed in to the shop; undefined where the shop vouches for
  // nobody, so that customers sign in to the portal itself.
  async function findToken() {
    if (wishes.tokenFunction) {
      const make = window[wishes.tokenFunction];
      if (typeof make !== "function") throw new Error(`there is no function ${wishes.tokenFunction}`);
      return (await make()) ?? null;
    }
    if (wishes.tokenUrl) return fetchToken(wishes.tokenUrl);
    if (givenToken === undefined) return undefined;
    const token = givenToken;
    givenToken = "";
    if (!token) throw new Error("the token in the page was used; data-token-url gives new ones");
    return token;
  }

  const SOON = 1500; // ms; Shopify signs whole seconds, so two pages that ask at once ask the same
  async function fetchToken(url, isSecond = false) {
    const method = wishes.tokenMethod?.toUpperCase() === "GET" ? "GET" : "POST";
    const answer = await fetch(url, { method, cache: "no-store", credentials: "same-origin" });
    if ([204, 401, 403].includes(answer.status)) return null;
    if (answer.status === 409 && !isSecond) {
      await new Promise((resolve) => setTimeout(resolve, SOON));
      return fetchToken(url, true);
    }
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    const isJson = answer.headers.get("content-type")?.includes("json");
    if (!isJson) return (await answer.text()).trim() || null;
    const { token, code } = await answer.json(); // a code is what the app proxy gives
    return token ?? code ?? null;
  }

  // ---- the look -----------------------------------------------------------------------------
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // What the shop's page is shown in, by CSS's own word for it. A page that says nothing is light,
  // whatever its reader's device prefers.
  function scheme() {
    const asked = wishes.colorScheme ?? getComputedStyle(box).colorScheme;
    const named = asked.split(" ").filter((one) => one === "light" || one === "dark");
    return named.length === 2 ? (dark.matches ? "dark" : "light") : (named[0] ?? "light");
  }

  function language() {
    return wishes.language ?? box.closest("[lang]")?.lang ?? "";
  }

  let look = "";
  function sayLook() {
    frame.style.colorScheme = look = scheme();
    say("look", { scheme: look });
  }

  function followLook() {
    if (scheme() !== look) sayLook();
  }

  // ---- which part of the frame is on screen -----------------------------------------------------
  function hidden() {
    // What a fixed header of the shop covers, as the page itself says it to the browser.
    return parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  }

  let isPlanned = false;
  function saySeen() {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      const { top, bottom } = frame.getBoundingClientRect();
      const view = window.visualViewport;
      const [first, last] = [(view?.offsetTop ?? 0) + hidden(), (view?.offsetTop ?? 0) + (view?.height ?? innerHeight)];
      const [from, to] = [Math.max(top, first), Math.min(bottom, last)];
      if (to > from) say("seen", { top: from - top, height: to - from });
    });
  }

  function bringIntoView(top, bottom) {
    const start = frame.getBoundingClientRect().top;
    const [first, last] = [hidden(), innerHeight];
    const isInView = start + top >= first && start + Math.min(bottom, top + last - first) <= last;
    if (isInView) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: start + top - first, behavior: isStill ? "auto" : "smooth" });
  }

  // ---- the deep link ----------------------------------------------------------------------------
  function wanted() {
    const path = location.hash.slice(1);
    return follows && isPath(path) ? path : null;
  }

  function followHash() {
    const path = wanted() ?? (location.hash === "" ? "/" : null); // other anchors are the shop's own
    if (at !== null && path !== null && path !== at) say("go", { path });
  }

  // ---- the frame --------------------------------------------------------------------------------
  function place() {
    const into = wishes.into ? document.querySelector(wishes.into) : null;
    if (wishes.into && !into) return console.error(`doorstep: there is no ${wishes.into} in this page`);
    box.className = "doorstep";
    if (into) into.append(box);
    else script.after(box);
    frame.title = wishes.title ?? words.title;
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "no-referrer";
    Object.assign(frame.style, { display: "block", width: "100%", height: `${LEAST}px`, border: "0" });
    frame.style.colorScheme = look = scheme();
    const first = wanted() ?? (isPath(wishes.path) ? wishes.path : "/");
    frame.src = `${portal}/embed?${new URLSearchParams({ next: first })}`;
    box.append(frame);
    setTimeout(() => isHeard || offerTab(first), PATIENCE);
    if (follows) window.addEventListener("hashchange", followHash);
    for (const [target, kind] of [
      [window, "scroll"], [window, "resize"], [window.visualViewport, "scroll"], [window.visualViewport, "resize"],
    ]) target?.addEventListener(kind, saySeen, { passive: true, capture: true });
    dark.addEventListener("change", followLook);
    const watcher = new MutationObserver(followLook);
    watcher.observe(script, { attributes: true });
    for (let one = box; one; one = one.parentElement) watcher.observe(one, { attributes: true });
  }

  // Shut out, as by a policy of the shop's page or of the portal: there is a way all the same.
  function offerTab(path) {
    const link = document.createElement("a");
    Object.assign(link, { href: portal + path, target: "_blank", rel: "noopener", textContent: words.tab });
    frame.hidden = true;
    frame.style.display = "none";
    box.append(link);
    tell("failed", { reason: "no-frame" });
  }

  if (wishes.into && document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
