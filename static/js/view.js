// Theme, density and single keys: kept in cookies, so that the server draws the page right at once.
const YEAR = 31536000;

function keep(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; SameSite=Lax${secure}`;
}

function choose(button) {
  const { view, value } = button.dataset;
  const root = document.documentElement;
  if (value) root.setAttribute(`data-${view}`, value);
  else root.removeAttribute(`data-${view}`);
  keep(view, value);
  mark();
}

function mark() {
  for (const button of document.querySelectorAll("button[data-view]")) {
    const now = document.documentElement.getAttribute(`data-${button.dataset.view}`) ?? "";
    button.setAttribute("aria-pressed", String(now === button.dataset.value));
  }
}

export function startView() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-view]");
    if (button) choose(button);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const print = event.target.closest("[data-print]");
    if (print) window.print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  mark();
}
