// The time a window has left, by the second. The server writes when it ends and what time it is there, so that a clock
// that is wrong here counts right; the ring beside it shrinks along. Where it says so the page is asked for anew at the
// end: a window that was kept open meanwhile goes on, another is gone.
export function startCountdown() {
  const places = [...document.querySelectorAll("[data-until]")].map((place) => {
    const now = Date.parse(place.dataset.now) || Date.now();
    return { place, ends: Date.parse(place.dataset.until) + Date.now() - now, ring: ringOf(place), left: 0 };
  });
  if (!places.length) return;
  const tick = () => {
    for (const one of places) {
      const left = Math.max(0, Math.floor((one.ends - Date.now()) / 1000));
      one.place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      one.ring?.setAttribute("stroke-dasharray", `${Math.round((left / one.ring.dataset.seconds) * 100)} 100`);
      if (one.left > 0 && left === 0 && one.place.dataset.then === "reload") setTimeout(() => location.reload(), 1000);
      one.left = left;
    }
  };
  tick();
  setInterval(tick, 1000);
}

function ringOf(place) {
  return place.closest("svg")?.querySelector("[data-seconds]");
}
