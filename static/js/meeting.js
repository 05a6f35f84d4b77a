// The meeting's clock, counted on the server's time: a browser clock that is wrong by an hour counts right.
"use strict";

(() => {
  const WARNINGS = [10, 5, 1];
  let ahead = 0; // how far this browser's clock is ahead of the server's, in milliseconds
  let warned = Infinity;

  const readClock = () => {
    const clock = document.querySelector("[data-clock]");
    if (clock) ahead = Date.now() - Date.parse(clock.dataset.now);
  };

  const inWords = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;

  const warn = (minutes) => {
    const passed = WARNINGS.filter((mark) => minutes <= mark).pop();
    if (passed === undefined || passed >= warned) return;
    warned = passed;
    document.querySelector("[data-warning]").textContent = `${passed} minute${passed === 1 ? "" : "s"} left`;
  };

  const tick = () => {
    const clock = document.querySelector("[data-clock]");
    if (!clock) return;
    const seconds = Math.max(0, Math.ceil((Date.parse(clock.dataset.ends) - (Date.now() - ahead)) / 1000));
    clock.querySelector("[data-left]").textContent = seconds ? inWords(seconds) : "The time is up";
    clock.querySelector("progress").value = seconds / 60;
    warn(seconds / 60);
    const watch = document.getElementById("meeting-watch");
    if (!seconds && watch && window.htmx) window.htmx.trigger(watch, "look");
  };

  readClock();
  tick();
  setInterval(tick, 1000);
  // A part of the page that came anew carries the server's time of now.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.querySelector("[data-clock]")) readClock();
    tick();
  });
})();

// Keys: a for an action, n for the notes. Off while somebody types, and where the tick is taken away,
// which this tab remembers.
(() => {
  const part = document.getElementById("meeting-keys");
  if (!part) return;
  const REMEMBERED = "meeting keys";
  const tick = part.querySelector("#keys-on");
  const boxes = { a: "action-what", n: "meeting-notes-notes" };
  part.hidden = false;
  tick.checked = sessionStorage.getItem(REMEMBERED) !== "off";
  tick.addEventListener("change", () => sessionStorage.setItem(REMEMBERED, tick.checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    if (!tick.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const box = document.getElementById(boxes[event.key.toLowerCase()] || "");
    if (!box) return;
    event.preventDefault();
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.focus();
  });
})();
