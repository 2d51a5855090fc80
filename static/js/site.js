// Comfort on top of pages that work without it: copying a credit, and keeping facets open while results change.

document.documentElement.classList.add("has-script");

function offerCopying(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const status = document.getElementById(button.dataset.status);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    status.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(source);
    status.textContent = button.dataset.failed;
  }
});

// Empty fields would only lengthen the address, which people copy and send.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) {
    if (parameters[name] === "") delete parameters[name];
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.querySelectorAll("input[name], select[name]")) {
    if (field.value === "") field.disabled = true;
  }
});
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :disabled")) field.disabled = false;
});

// Which facets the reader has opened, and how far each is scrolled, survives new results.
let opened = new Map();
document.addEventListener("htmx:beforeSwap", () => {
  opened = new Map(
    [...document.querySelectorAll("details[id]")].map((details) => [
      details.id,
      { open: details.open, scroll: details.querySelector("fieldset")?.scrollTop ?? 0 },
    ]),
  );
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [id, state] of opened) {
    const details = document.getElementById(id);
    if (!details) continue;
    details.open = state.open;
    const fieldset = details.querySelector("fieldset");
    if (fieldset) fieldset.scrollTop = state.scroll;
  }
  offerCopying(document);
});

offerCopying(document);
