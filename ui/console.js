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
// A form with a large file shows how far it has come. The page that answers takes the place of this one, as it would without us.
for (const form of document.querySelectorAll("form[data-progress]")) {
  const shown = form.querySelector("[data-progress-shown]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-part]");
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const failed = () => {
      words.textContent = words.dataset.failed;
      delete form.dataset.sent;
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
      words.textContent = loaded < total ? `${words.dataset.part} ${Math.floor((100 * loaded) / total)} %` : words.dataset.examined;
    });
    request.addEventListener("error", failed);
    request.addEventListener("load", () => {
      if (!(request.getResponseHeader("Content-Type") || "").startsWith("text/html")) return failed();
      history.pushState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
    shown.hidden = false;
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The login that the server would make of the name, as long as nobody typed another.
const offered = document.querySelector("input[data-offered]");
if (offered && !offered.value) {
  const plain = (id) => {
    const text = document.getElementById(id).value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return text.split(/[^\p{L}\p{N}]+/u).filter((part) => part).join("-");
  };
  const offer = () => { offered.value = ["firstname", "realname"].map(plain).filter((part) => part).join("."); };
  const names = ["firstname", "realname"].map((id) => document.getElementById(id));
  for (const name of names) name.addEventListener("input", offer);
  offered.addEventListener("input", () => { for (const name of names) name.removeEventListener("input", offer); });
}

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
