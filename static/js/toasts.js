// Toasts leave by their cross, or by themselves unless they offer a step or are being read.
const STAY = 8000;

export function startToasts() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-toast]")?.closest(".toast").remove();
  });
  for (const toast of document.querySelectorAll(".toast")) {
    if (toast.querySelector("form, a")) continue;
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
    setTimeout(leave, STAY);
  }
}
