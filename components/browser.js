// What only the browser can do for the page: its language, focus, the state of the connection, one
// press per button, and times on the reader's own clock. All words arrive as properties.

const LOST_AFTER = 1500; // ms without a connection before it is worth a word
const BACK_FOR = 4000; // ms for which its return is told
const WARN_FOR = 12000; // ms for which something is said over a dialog
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

// ---- what the customer enters ------------------------------------------------------------------
const SEARCH_AFTER = 250; // ms after the last key of a search
const COUNT_AFTER = 400; // ms after the last step of a number
const entered = new Map(); // field → the timer after which its value is handed over

// The server listens for "given", whose detail is a text whatever the field is.
function give(field) {
  clearTimeout(entered.get(field));
  entered.delete(field);
  const detail = field.type === "checkbox" ? (field.checked ? "on" : "") : field.value;
  if (field.type !== "radio" && field.given === detail) return;
  field.given = detail;
  noteChoice(field);
  field.dispatchEvent(new CustomEvent("given", { detail }));
}

function giveSoon(field, after) {
  clearTimeout(entered.get(field));
  entered.set(field, setTimeout(() => give(field), after));
}

function count(field, by) {
  const [least, most] = [Number(field.min), Number(field.max)];
  const before = field.value === "" ? Number(field.defaultValue) : Math.round(Number(field.value));
  const number = Math.min(Math.max(before + by, least), most);
  field.value = String(number);
  for (const button of field.parentElement.querySelectorAll("[data-step]")) {
    const isAtEnd = button.dataset.step > 0 ? number >= most : number <= least;
    if (isAtEnd) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function noteInput({ target, type }) {
  if (!target.matches?.("input, select, textarea")) return;
  if (type === "input") {
    if (target.type === "search") giveSoon(target, SEARCH_AFTER);
    return;
  }
  if (target.type === "number") count(target, 0);
  give(target);
}

// Enter in the one field of a step does what the step's button does, as in a form.
function goOn(event) {
  if (event.key !== "Enter" || event.repeat || event.isComposing) return;
  const field = event.target;
  if (!field.matches?.("input[data-goes-on]")) return;
  event.preventDefault();
  give(field);
  field.closest(".ds-dialog, .ds-inline")?.querySelector("button[data-key=confirm]")?.click();
}

function noteStep(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const field = button.parentElement.querySelector("input");
  count(field, Number(button.dataset.step));
  button.parentElement.querySelector("[role=status]").textContent = field.value;
  giveSoon(field, COUNT_AFTER);
}

// ---- the calendar ------------------------------------------------------------------------------
let awaitedDay = null; // where the focus goes once its month is drawn

function chooseDay(cell) {
  if (cell.getAttribute("aria-disabled") === "true") return;
  enterDay(cell);
  const detail = cell.dataset.day;
  noteChoice(cell);
  cell.closest("table").dispatchEvent(new CustomEvent("given", { detail }));
}

function enterDay(cell) {
  const entry = cell.closest("table").querySelector("td[tabindex='0']");
  if (entry !== cell) entry?.setAttribute("tabindex", "-1");
  cell.setAttribute("tabindex", "0");
  cell.focus();
}

function dayAfterKey(cell, key) {
  const row = [...cell.parentElement.querySelectorAll("[data-day]")];
  if (key === "Home") return row[0].dataset.day;
  if (key === "End") return row[row.length - 1].dataset.day;
  const day = new Date(cell.dataset.day + "T00:00Z");
  const forward = getComputedStyle(cell).direction === "rtl" ? -1 : 1;
  const days = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7 }[key];
  const months = { PageDown: 1, PageUp: -1 }[key];
  if (days) day.setUTCDate(day.getUTCDate() + days);
  else if (months) {
    const number = day.getUTCDate();
    day.setUTCMonth(day.getUTCMonth() + months, 1);
    const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
    day.setUTCDate(Math.min(number, last));
  } else return null;
  return day.toISOString().slice(0, 10);
}

function goToDay(event) {
  const cell = event.target.closest?.("td[data-day]");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const isChoice = event.key === "Enter" || event.key === " ";
  let day = isChoice ? cell.dataset.day : dayAfterKey(cell, event.key);
  if (!day) return;
  event.preventDefault();
  if (isChoice) return chooseDay(cell);
  const { first, last } = cell.closest("table").dataset;
  if (day < first) day = first;
  if (day > last) day = last;
  const found = cell.closest("table").querySelector(`td[data-day="${day}"]`);
  if (found) return enterDay(found);
  awaitedDay = day;
  const by = day > cell.dataset.day ? "1" : "-1";
  cell.closest("[role=group]").querySelector(`button[data-turn-by="${by}"]`).click();
}

function arriveAtDay() {
  const found = awaitedDay && document.querySelector(`td[data-day="${awaitedDay}"]`);
  if (!found) return;
  awaitedDay = null;
  enterDay(found);
}

// ---- what a choice comes to --------------------------------------------------------------------
// It stands below the choices. Where those fill a screen, it is brought into view.
const ANSWERED_WITHIN = 3000; // ms; what changes later has another cause
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let choice = null; // the field that was chosen last, in which dialog, and when

function noteChoice(field) {
  const dialog = field.closest("dialog");
  if (!dialog || field.matches("[type=search], [type=text], [type=email], [type=tel]")) return;
  choice = { field, dialog, at: performance.now() };
}

function noteEffect(mutations) {
  if (!choice) return;
  const { field, dialog, at } = choice;
  const body = dialog.querySelector(":scope > [data-slot=body]");
  if (performance.now() - at > ANSWERED_WITHIN || !body) return (choice = null);
  if (!mutations.some(({ target }) => body.contains(target))) return;
  if (!body.querySelector(".ds-changes, [role=alert]")) return;
  choice = null;
  requestAnimationFrame(() => showEffect(dialog, body, field));
}

function showEffect(dialog, body, field) {
  const slot = (name) => dialog.querySelector(`:scope > [data-slot=${name}]`).getBoundingClientRect();
  const [top, foot] = [Math.max(slot("header").bottom, dialog.getBoundingClientRect().top), slot("actions").top];
  const effect = body.getBoundingClientRect();
  let by = Math.min(effect.bottom - foot, effect.top - top);
  // Keys, steps and checks are often followed by the next: what they are at stays in view.
  const isLast = field.matches("[type=radio], select, [data-day]") && !dialog.querySelector(":focus-visible");
  const line = field.closest(".ds-choice, .ds-field") ?? field;
  if (!isLast && field.isConnected) by = Math.min(by, line.getBoundingClientRect().top - top - 8);
  if (by > 0) dialog.scrollBy({ top: by, behavior: still.matches ? "auto" : "smooth" });
}

// A value that the server has set is shown, but never under the customer's fingers.
function showValue(field) {
  if (!field.matches("input") || field === document.activeElement || field.value === field.defaultValue) return;
  field.value = field.defaultValue;
  field.given = undefined;
}

// What is being typed goes on in the field that took the place of one that was drawn again.
function carryOn(before, after) {
  if (before.tagName !== after.tagName || before.dataset.key !== after.dataset.key) return;
  if (!before.matches("input:not([type=radio], [type=checkbox]), textarea")) return;
  after.value = before.value;
  after.given = before.given;
  if (before.selectionStart !== null) {
    after.setSelectionRange(before.selectionStart, before.selectionEnd);
  }
  if (!entered.has(before)) return;
  clearTimeout(entered.get(before));
  entered.delete(before);
  giveSoon(after, SEARCH_AFTER);
}

// ---- texts to take along ---------------------------------------------------------------------
async function copyText(button) {
  const words = button.textContent;
  const field = button.parentElement.querySelector("input");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return field?.select(); // not allowed here: then it is marked, to be copied by hand
  }
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = words), 2500);
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
const CAN_FOCUS = ":is(button, a, input, select, textarea, summary, [tabindex])";
const IS_OFFERED = ":not([aria-disabled], [tabindex='-1'])";
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
  const { element, names } = lastFocus;
  lastFocus = null;
  for (const name of names) {
    const found = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
    if (!found) continue;
    const target = found.matches(CAN_FOCUS) ? found : found.querySelector(CAN_FOCUS + IS_OFFERED);
    if (!target) continue;
    carryOn(element, target);
    return target.focus({ preventScroll: true });
  }
  document.querySelector("main h1")?.focus({ preventScroll: true });
}

// ---- menus -------------------------------------------------------------------------------------
// Below the button that opened it, or above where there is no room; at phone size the style sheet
// puts it at the foot of the screen.
function openMenu(menu) {
  menu.showPopover();
  const button = menu.parentElement.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = button.bottom + height + 8 < window.innerHeight || button.top < height + 8;
  const top = isBelow ? button.bottom + 4 : button.top - height - 4;
  const isRightToLeft = getComputedStyle(menu).direction === "rtl";
  const wanted = isRightToLeft ? button.left : button.right - width;
  const left = Math.min(Math.max(wanted, 8), document.documentElement.clientWidth - width - 8);
  menu.style.setProperty("--ds-top", `${top + window.scrollY}px`);
  menu.style.setProperty("--ds-left", `${left + window.scrollX}px`);
  menu.querySelector("button")?.focus({ preventScroll: true });
}

// ---- the part of the page that an on-screen keyboard leaves free -------------------------------
function noteSeen() {
  if ("framed" in document.documentElement.dataset) return; // the page around us says it
  const { height, offsetTop, scale } = window.visualViewport;
  const style = document.documentElement.style;
  const isCovered = scale === 1 && window.innerHeight - height > 1;
  style.setProperty("--ds-seen-height", isCovered ? `${height}px` : "100dvh");
  style.setProperty("--ds-seen-top", isCovered ? `${offsetTop}px` : "0px");
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
    document.addEventListener("input", noteInput, options);
    document.addEventListener("change", noteInput, options);
    document.addEventListener("keydown", goToDay, options);
    document.addEventListener("keydown", goOn, options);
    window.visualViewport?.addEventListener("resize", noteSeen, options);
    window.visualViewport?.addEventListener("scroll", noteSeen, options);
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
      attributeFilter: ["data-turn", "data-at", "data-age", "value"],
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
    // Called by the server when it has drawn a menu.
    openMenu(id) {
      const menu = document.getElementById(id);
      if (menu?.isConnected) openMenu(menu);
    },

    // Something was done; who hears it is the shop's page around a frame.
    tell(name, detail) {
      document.dispatchEvent(new CustomEvent("doorstep", { detail: { name, detail } }));
    },

    // Said over an open dialog, which covers what the page says.
    warn(words) {
      const dialog = document.querySelector("dialog[open]");
      if (!dialog) return;
      const note = document.createElement("div");
      note.className = "ds-connection";
      note.setAttribute("role", "alert");
      note.textContent = words;
      dialog.append(note);
      setTimeout(() => note.remove(), WARN_FOR);
    },

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
          else if (attributeName === "value") showValue(target);
          else writeLocalTime(target);
        }
        for (const node of addedNodes) {
          if (node.nodeType !== Node.ELEMENT_NODE) continue;
          if (node.matches("[data-at]")) writeLocalTime(node);
          node.querySelectorAll("[data-at]").forEach(writeLocalTime);
          node.querySelectorAll("[data-age]").forEach(writeAge);
        }
      }
      arriveAtDay();
      keepFocus();
      noteEffect(mutations);
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
      const [step, day] = ["button[data-step]", "td[data-day]"].map((one) => event.target.closest(one));
      if (step) return noteStep(step);
      if (day) return chooseDay(day);
      // What was entered goes before what is pressed.
      entered.forEach((_, field) => give(field));
      const button = event.target.closest("button[data-turn]");
      const link = event.target.closest("a[href^='/']:not([download])");
      const copy = event.target.closest("button[data-copy]");
      if (copy) return copyText(copy);
      if (!button && !link) return;
      const isCut = this.connection === "lost" || this.connection === "unsent";
      if (isCut) this.connection = "unsent";
      if (isCut || (button && !mayPress(button))) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (button?.closest("[popover]")) {
        setTimeout(() => button.closest("[popover]")?.hidePopover());
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
