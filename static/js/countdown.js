// The time a window has left, by the second; the server has written the time at which the page was made.
export function startCountdown() {
  const places = [...document.querySelectorAll("[data-until]")];
  if (!places.length) return;
  const tick = () => {
    for (const place of places) {
      const left = Math.max(0, Math.floor((Date.parse(place.dataset.until) - Date.now()) / 1000));
      place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    }
  };
  tick();
  setInterval(tick, 1000);
}
