// The command palette: places of the navigation at once, and what the search finds as one types.
let dialog;

function entries() {
  return [...dialog.querySelectorAll("a")].filter((entry) => !entry.closest("[hidden]"));
}

function point(entry) {
  for (const one of dialog.querySelectorAll("a.here")) one.classList.remove("here");
  const field = dialog.querySelector("input");
  if (!entry) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  entry.classList.add("here");
  entry.id ||= `palette-${entries().indexOf(entry)}`;
  field.setAttribute("aria-activedescendant", entry.id);
  entry.scrollIntoView({ block: "nearest" });
}

function narrow(text) {
  const sought = text.trim().toLocaleLowerCase();
  let shown = 0;
  for (const place of dialog.querySelectorAll("[data-places] li")) {
    place.hidden = !place.textContent.toLocaleLowerCase().includes(sought);
    shown += place.hidden ? 0 : 1;
  }
  dialog.querySelector("[data-places]").hidden = shown === 0;
  dialog.querySelector("[data-none]").hidden = shown > 0 || entries().length > 0;
  point(entries()[0]);
}

function fill() {
  const list = dialog.querySelector("[data-places] ul");
  if (list.childElementCount) return;
  for (const link of document.querySelectorAll(".side a[data-place]")) {
    const place = document.createElement("li");
    const copy = link.cloneNode(true);
    copy.removeAttribute("aria-current");
    copy.querySelector("b")?.remove();
    place.append(copy);
    list.append(place);
  }
}

export function openPalette() {
  if (!dialog || dialog.open) return;
  fill();
  dialog.showModal();
  dialog.querySelector("input").select();
  narrow(dialog.querySelector("input").value);
}

function steer(event) {
  const all = entries();
  const at = all.findIndex((entry) => entry.classList.contains("here"));
  if (event.key === "ArrowDown") point(all[Math.min(at + 1, all.length - 1)]);
  else if (event.key === "ArrowUp") point(all[Math.max(at - 1, 0)]);
  else if (event.key === "Enter" && all[at]) {
    if (event.ctrlKey || event.metaKey) window.open(all[at].href, "_blank", "noopener");
    else location.assign(all[at].href);
  } else return;
  event.preventDefault();
}

export function startPalette() {
  dialog = document.querySelector("dialog.palette");
  if (!dialog) return;
  document.querySelector(".bar-search.needs-js")?.addEventListener("submit", (event) => {
    event.preventDefault();
    openPalette();
  });
  const field = dialog.querySelector("input");
  field.addEventListener("input", () => narrow(field.value));
  field.addEventListener("keydown", steer);
  dialog.addEventListener("htmx:afterSettle", () => narrow(field.value));
}
