// The search box in the bar: arrows walk through what was found as one types, Escape and a click elsewhere close it.
let form;
let found;

function entries() {
  return [...found.querySelectorAll("a")];
}

function close() {
  found.replaceChildren();
}

function steer(event) {
  const field = form.querySelector("input");
  const all = entries();
  const at = all.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && all.length) all[Math.min(at + 1, all.length - 1)].focus();
  else if (event.key === "ArrowUp" && at > 0) all[at - 1].focus();
  else if (event.key === "ArrowUp" && at === 0) field.focus();
  else if (event.key === "Escape" && all.length) {
    close();
    field.focus();
  } else return;
  event.preventDefault();
}

export function startSearch() {
  found = document.querySelector("#bar-found");
  form = found?.closest("form");
  if (!form) return;
  form.addEventListener("keydown", steer);
  form.addEventListener("input", (event) => {
    if (!event.target.value.trim()) close();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
}
