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

// An autosave that did not arrive says so; the text itself stays where it is.
const draftStatus = (element) => element.closest("form")?.querySelector(".draft-status");
const sayNotSaved = (event, words) => {
  const status = draftStatus(event.detail.elt);
  if (!status) return;
  status.textContent = words;
  status.classList.add("wrong");
};
document.addEventListener("htmx:sendError", (event) => sayNotSaved(event, "Draft not saved: no connection. Your text is still here."));
document.addEventListener("htmx:timeout", (event) => sayNotSaved(event, "Draft not saved: no answer. Your text is still here."));
document.addEventListener("htmx:responseError", (event) => {
  const ended = event.detail.xhr.status === 401 || event.detail.xhr.status === 403;
  sayNotSaved(event, ended ? "Draft not saved: you are signed out. Send the form, and your text comes back." : "Draft not saved. Your text is still here.");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) draftStatus(event.detail.elt)?.classList.remove("wrong");
});
