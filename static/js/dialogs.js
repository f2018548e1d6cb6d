// A link or button with data-dialog opens that dialog in place of the page it leads to.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    } else if (event.target instanceof HTMLDialogElement && event.target.open) {
      event.target.close(); // a click on the backdrop
    }
  });
}
