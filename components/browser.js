// What only the browser can do for the page: its language, focus, the state of the connection, one
// press per button, and times on the reader's own clock. All words arrive as properties.

const LOST_AFTER = 1500; // ms without a connection before it is worth a word
const BACK_FOR = 4000; // ms for which its return is told
const LOCK_FOR = 20000; // ms after which a press without an answer may be repeated
const RELOADS = "doorstep:reloads";
const PLACE = "doorstep:place";

// ---- one press per button and turn ----------------------------------------------------------
const pressed = new Map(); // button → the turn in which it was pressed

function release(button) {
  pressed.delete(button);
  button.removeAttribute("data-pressed");
}

function mayPress(button) {
  if (button.getAttribute("aria-disabled") === "true") return false;
  if (pressed.get(button) === button.dataset.turn) return false;
  pressed.set(button, button.dataset.turn);
  button.setAttribute("data-pressed", "");
  setTimeout(() => pressed.get(button) === button.dataset.turn && release(button), LOCK_FOR);
  return true;
}

// ---- times on the reader's clock --------------------------------------------------------------
function writeLocalTime(span) {
  const at = span.dataset.at;
  const moment = new Date(at);
  const language = document.documentElement.lang || undefined;
  const day = { weekday: "short", day: "numeric", month: "short" };
  const clock = { hour: "numeric", minute: "2-digit" };
  const isToday = new Date().toDateString() === moment.toDateString();
  const isShort = span.dataset.style === "short";
  const offset = /([+-])(\d\d):(\d\d)/.exec(at.slice(10)) ?? ["", "+", "0", "0"];
  const shopOffset = (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const isSame = shopOffset === -moment.getTimezoneOffset();
  const style = isShort && isToday ? clock : { ...day, ...clock };
  const time = new Intl.DateTimeFormat(language, style).format(moment);
  const text = isSame && !isShort ? "" : span.dataset.pattern.replace("{time}", time);
  if (span.textContent !== text) span.textContent = text;
}

// ---- how old the data is ---------------------------------------------------------------------
const OLD = 15 * 60; // seconds after which it is worth a word

function writeAge(box) {
  if (box.dataset.age !== box.knownAge) {
    box.knownAge = box.dataset.age;
    box.knownAt = performance.now();
  }
  const age = Number(box.knownAge) + (performance.now() - box.knownAt) / 1000;
  box.toggleAttribute("data-old", age >= OLD);
  const [count, unit] = age < 5400 ? [age / 60, "minute"] : age < 129600 ? [age / 3600, "hour"] : [age / 86400, "day"];
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined).format(-Math.round(count), unit);
  const text = box.dataset.pattern.replace("{ago}", ago);
  const words = box.firstElementChild;
  if (words && words.textContent !== text) words.textContent = text;
}

// ---- focus ---------------------------------------------------------------------------------
let lastFocus = null; // what had focus, and by which names its successor is found
let beforeDialog = []; // the names of what had focus before a dialog opened

function noteFocus(event) {
  const names = [];
  for (let one = event.target; one && one !== document.body; one = one.parentElement) {
    if (one.dataset?.key) names.push(one.dataset.key);
  }
  const isInDialog = event.target.closest("dialog");
  if (isInDialog && !lastFocus?.isInDialog) beforeDialog = lastFocus?.names ?? [];
  if (isInDialog) names.push(...beforeDialog);
  lastFocus = { element: event.target, names, isInDialog };
}

function keepFocus() {
  if (!lastFocus || document.contains(lastFocus.element)) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const names = lastFocus.names;
  lastFocus = null;
  for (const name of names) {
    const found = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
    if (!found) continue;
    const target = found.matches("button, a, [tabindex]")
      ? found
      : found.querySelector("button:not([aria-disabled]), a, [tabindex]");
    if (target) return target.focus({ preventScroll: true });
  }
  document.querySelector("main h1")?.focus({ preventScroll: true });
}

const places = {}; // how far each address of this page was scrolled

export default {
  props: {
    language: String,
    direction: String,
    lost: String,
    back: String,
    unsent: String,
    stuck: String,
  },
  data: () => ({ connection: "" }),
  computed: {
    words() {
      return this[this.connection] ?? "";
    },
  },
  template: `
    <div class="ds-page">
      <slot></slot>
      <div class="ds-connection" role="status" :data-connection="connection">{{ words }}</div>
    </div>`,
  created() {
    document.documentElement.lang = this.language;
    document.documentElement.dir = this.direction;
  },
  mounted() {
    document.querySelector("[data-first-paint]")?.remove();
    this.path = window.location.pathname;
    this.listen = new AbortController();
    const options = { capture: true, signal: this.listen.signal };
    document.addEventListener("click", this.guardClick, options);
    document.addEventListener("focusin", noteFocus, options);
    document.addEventListener("close", this.tellClosed, options);
    window.addEventListener("offline", () => (this.connection = "lost"), options);
    window.addEventListener("online", this.tellBack, options);
    window.addEventListener("pagehide", this.rememberPlace, options);
    window.addEventListener("popstate", this.returnTo, options);
    window.addEventListener("scroll", this.notePlace, { ...options, passive: true });
    this.watcher = new MutationObserver(this.tidy);
    this.watcher.observe(this.$el, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-turn", "data-at", "data-age"],
    });
    this.$el.querySelectorAll("[data-at]").forEach(writeLocalTime);
    const writeAges = () => this.$el.querySelectorAll("[data-age]").forEach(writeAge);
    writeAges();
    this.ageing = setInterval(writeAges, 30000);
    // The socket is made by the root, which is mounted after its children.
    this.$nextTick(() => this.watchSocket(window.socket));
    this.restorePlace();
  },
  unmounted() {
    this.listen.abort();
    this.watcher.disconnect();
    clearInterval(this.ageing);
  },
  methods: {
    // Called by the server when another view is shown.
    arrive(path) {
      this.path = path;
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      document.querySelector("main h1")?.focus({ preventScroll: true });
      // After NiceGUI's own scrolling to the top, which waits for the next frame.
      const place = this.returning;
      this.returning = null;
      this.isLeaving = false;
      if (place) requestAnimationFrame(() => window.scrollTo(0, place));
    },

    tidy(mutations) {
      for (const { type, target, attributeName, addedNodes } of mutations) {
        if (type === "attributes") {
          if (attributeName === "data-turn") release(target);
          else if (attributeName === "data-age") writeAge(target);
          else writeLocalTime(target);
        }
        for (const node of addedNodes) {
          if (node.nodeType !== Node.ELEMENT_NODE) continue;
          if (node.matches("[data-at]")) writeLocalTime(node);
          node.querySelectorAll("[data-at]").forEach(writeLocalTime);
          node.querySelectorAll("[data-age]").forEach(writeAge);
        }
      }
      keepFocus();
    },

    guardClick(event) {
      const within = event.target.closest("a[href^='#']");
      if (within) {
        // A place on this page is nobody's business but the browser's: as a change of address it
        // would be answered by the server, which then takes the focus to the heading.
        event.preventDefault();
        event.stopImmediatePropagation();
        document.getElementById(within.hash.slice(1))?.focus();
        return;
      }
      const button = event.target.closest("button[data-turn]");
      const link = event.target.closest("a[href^='/']");
      if (!button && !link) return;
      const isCut = this.connection === "lost" || this.connection === "unsent";
      if (isCut) this.connection = "unsent";
      if (isCut || (button && !mayPress(button))) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (link) {
        this.isLeaving = true;
      }
    },

    // A dialog that was left with Escape has to go from the page as well.
    tellClosed(event) {
      if (event.target instanceof HTMLDialogElement) keepFocus();
    },

    // -- the connection
    watchSocket(socket) {
      socket.on("connect", () => {
        pressed.forEach((_, button) => release(button));
        sessionStorage.removeItem(RELOADS);
        this.tellBack();
      });
      socket.on("disconnect", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(this.tellLost, LOST_AFTER);
      });
      // The stock handler reloads the page when an attempt takes too long. Without a network that
      // swaps what the customer was reading for the browser's error page, so: keep trying, and
      // reload only when a server has answered that it does not know this page any more.
      socket.off("connect_error");
      let attempts = 0;
      socket.on("connect_error", (error) => {
        attempts += 1;
        if (!socket.active) return this.reload();
        if (error.message === "timeout") socket.io.opts.transports = ["polling", "websocket"];
        if (attempts > 1) this.tellLost();
      });
    },

    tellLost() {
      if (["", "back"].includes(this.connection) && !window.socket.connected) this.connection = "lost";
    },

    tellBack() {
      clearTimeout(this.timer);
      if (!this.connection || !window.socket.connected) return;
      this.connection = "back";
      this.timer = setTimeout(() => (this.connection = ""), BACK_FOR);
    },

    reload() {
      const count = Number(sessionStorage.getItem(RELOADS) ?? 0);
      if (count >= 2) {
        this.connection = "stuck";
        return;
      }
      sessionStorage.setItem(RELOADS, String(count + 1));
      window.location.reload();
    },

    // -- the place on the page, kept over reloads and for the back button
    notePlace() {
      if (!this.isLeaving) places[this.path] = Math.round(window.scrollY);
    },
    returnTo() {
      this.isLeaving = true;
      this.returning = places[window.location.pathname];
    },
    rememberPlace() {
      const place = { path: this.path, top: window.scrollY };
      sessionStorage.setItem(PLACE, JSON.stringify(place));
    },
    restorePlace() {
      const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
      sessionStorage.removeItem(PLACE);
      const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
      if (isReload && place?.path === window.location.pathname) {
        requestAnimationFrame(() => window.scrollTo(0, place.top));
      }
    },
  },
};
