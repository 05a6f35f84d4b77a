// Kindnesses on top of forms that work without them.
"use strict";

// A second press of a button must not send a second form. The mark goes when the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }
});

// A file over the limit is refused before it travels; `data-max-bytes` on the field is the limit.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-max-bytes]")) return;
  const limit = Number(field.dataset.maxBytes);
  const tooBig = [...field.files].find((file) => file.size > limit);
  field.setCustomValidity(tooBig ? `${tooBig.name} is larger than ${Math.floor(limit / 1048576)} MB. Choose a smaller file.` : "");
  field.reportValidity();
});

// An autosave that did not arrive says so where "saved" would stand; the text itself stays in its box.
const sayNotSaved = (event, words) => {
  if (!event.detail.elt.matches("[data-autosave]") || !event.detail.target) return;
  event.detail.target.textContent = `Draft not saved: ${words} Your text is still here.`;
};
document.addEventListener("htmx:sendError", (event) => sayNotSaved(event, "no connection."));
document.addEventListener("htmx:timeout", (event) => sayNotSaved(event, "no answer."));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  sayNotSaved(event, status === 401 || status === 403 ? "you are signed out." : "an error on our side.");
});
