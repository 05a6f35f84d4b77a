// A draft that the server would not keep says why, at the form; htmx alone would drop such an answer.
"use strict";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, elt } = event.detail;
  if (!elt.matches(".draft-status")) return;
  if (xhr.status === 409 || xhr.status === 413) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
