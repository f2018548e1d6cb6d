// A security key that the browser couldn't use says so on the page, and not in the console alone.
document.addEventListener("allauth.error", (event) => {
  const told = document.querySelector("[data-key-failed]");
  if (!told) return;
  event.preventDefault();
  told.hidden = false;
});
