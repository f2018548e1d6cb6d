// For the website that shows our front office: gives its frame the height that the page inside tells.
// <iframe src="…" data-polisdesk></iframe><script src="…/static/js/frame.js" async></script>
(() => {
  const home = new URL(document.currentScript.src).origin;
  window.addEventListener("message", (event) => {
    const height = Number(event.data?.polisdeskHeight);
    if (event.origin !== home || !(height > 0)) return;
    for (const frame of document.querySelectorAll("iframe[data-polisdesk]")) {
      if (frame.contentWindow === event.source) frame.height = Math.min(Math.ceil(height), 20000);
    }
  });
})();
