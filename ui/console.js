// What a page can do better where scripts run. Everything works without.
"use strict";

// Copy buttons are shown only where they can do something.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(("value" in source ? source.value : source.textContent).trim());
    const said = button.querySelector("[data-copied]");
    if (said) {
      said.textContent = said.dataset.copied;
    }
  });
}

// A form that was sent is not sent again by an impatient second click. The server would do it once in any case.
// One that gives out a file leaves the page as it is, and may be sent again.
for (const form of document.querySelectorAll("form[method=post]:not([data-again])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// "/" goes to the search field, as in many places.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.getElementById("search");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
