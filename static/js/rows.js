// Rows of a list: tick, tick all, the bulk bar with its count.
function ticks(scope) {
  return [...scope.querySelectorAll("tbody .tick input[type=checkbox]")];
}

function refresh(scope) {
  const all = ticks(scope);
  const chosen = all.filter((tick) => tick.checked);
  for (const tick of all) tick.closest("tr").toggleAttribute("aria-selected", tick.checked);
  for (const tick of chosen) tick.closest("tr").setAttribute("aria-selected", "true");
  const head = scope.querySelector("thead .tick input[type=checkbox]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = scope.querySelector(".bulk");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  const count = bar.querySelector("[data-count]");
  if (count) count.textContent = count.dataset.count.replace("0", String(chosen.length));
}

export function startRows() {
  for (const bar of document.querySelectorAll(".panel .bulk")) refresh(bar.closest(".panel"));
  document.addEventListener("change", (event) => {
    const tick = event.target.closest(".tick input[type=checkbox]");
    const scope = tick?.closest(".panel");
    if (!scope) return;
    if (tick.closest("thead")) for (const one of ticks(scope)) one.checked = tick.checked;
    refresh(scope);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-clear-ticks]");
    const scope = clear?.closest(".panel");
    if (!scope) return;
    for (const one of ticks(scope)) one.checked = false;
    refresh(scope);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const bar of document.querySelectorAll(".panel .bulk")) refresh(bar.closest(".panel"));
  });
}
