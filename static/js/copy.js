// A button with data-copy puts the value of that field on the clipboard and says so for a moment.
export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select(); // the reader copies by himself
      return;
    }
    const said = button.querySelector("span");
    const before = said.textContent;
    said.textContent = button.dataset.copied;
    setTimeout(() => { said.textContent = before; }, 2000);
  });
}
