// The keyboard map. Single keys rest inside fields and dialogs, and where the reader switched them off.
import { openPalette } from "./palette.js";

const PLACES = { t: "today", p: "policy", a: "shield" };
const FIELDS = "input, select, textarea, [contenteditable], dialog[open]";
let gone = 0; // when G was pressed

function rows() {
  return [...document.querySelectorAll("main .tbl tbody tr")];
}

function walk(step) {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return false;
  all[at]?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function tick() {
  const box = document.querySelector("tr.here .tick input");
  box?.click();
  return Boolean(box);
}

function go(key) {
  const link = document.querySelector(`.side a[data-place="${PLACES[key]}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function focusFilter() {
  const field = document.querySelector("main input[type=search]");
  field?.focus();
  return Boolean(field);
}

function focusSearch() {
  const field = document.querySelector("#bar-q");
  if (!field?.checkVisibility()) return focusFilter();
  field.select();
  field.focus();
  return true;
}

function single(key) {
  if (Date.now() - gone < 1500 && PLACES[key]) return go(key);
  if (key === "g") {
    gone = Date.now();
    return true;
  }
  const steps = {
    "/": focusSearch,
    f: focusFilter,
    j: () => walk(1),
    k: () => walk(-1),
    x: tick,
    n: () => press('[data-key="n"]'),
    "?": () => press('[data-dialog="keys"]'),
  };
  return steps[key]?.() ?? false;
}

function withControl(event) {
  const key = event.key.toLowerCase();
  if (key === "k" && document.querySelector("dialog.palette")) openPalette();
  else if (key === "s" && document.querySelector("form[data-main]")) document.querySelector("form[data-main]").requestSubmit();
  else return;
  event.preventDefault();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return withControl(event);
    if (event.altKey || document.documentElement.dataset.keys === "off") return;
    if (event.target.closest(FIELDS)) return;
    if (single(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
  });
}
