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

// Only a choice changes the results at once; what is typed waits for Enter or the button beside it.
document.addEventListener("htmx:confirm", (event) => {
  const cause = event.detail.triggeringEvent;
  if (cause?.type === "change" && cause.target.matches("input:not([type=checkbox])")) event.preventDefault();
});
const isNarrowing = (target) => target instanceof Element && target.matches("input[data-narrow]");
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && isNarrowing(event.target)) event.preventDefault();
});

// Find in a long facet: without regard to case and accents. What is folded opens where something in it fits.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
function narrow(field) {
  const wanted = plain(field.value);
  const facet = document.getElementById(field.dataset.narrow);
  let found = 0;
  for (const choice of facet.querySelectorAll(".choice")) {
    const fits = plain(choice.querySelector(".choice__label").textContent).includes(wanted);
    choice.hidden = !fits;
    found += fits ? 1 : 0;
  }
  for (const folded of facet.querySelectorAll("details")) {
    folded.dataset.wasOpen ??= folded.open ? "yes" : "";
    const holds = folded.querySelector(".choice:not([hidden])");
    folded.open = wanted ? Boolean(holds) : Boolean(folded.dataset.wasOpen);
    folded.hidden = !holds;
    if (!wanted) delete folded.dataset.wasOpen;
  }
  facet.querySelector(`[data-none-of="${field.id}"]`).hidden = found > 0;
}
document.addEventListener("input", (event) => {
  if (isNarrowing(event.target)) narrow(event.target);
});
function offerNarrowing() {
  for (const field of document.querySelectorAll("input[data-narrow]")) field.hidden = false;
}

// What the reader has opened, folded or typed into a facet survives new results; of the rest, these say what is open.
const folds = new Map();
let words = new Map();
let focused = "";
document.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (details?.id) folds.set(details.id, !details.open);
});
document.addEventListener("htmx:beforeSwap", () => {
  words = new Map([...document.querySelectorAll("input[data-narrow]")].map((field) => [field.id, field.value]));
  focused = document.activeElement.id;
});
// A page that is kept for going back has lists whole again: what was typed into them is not kept with it.
document.addEventListener("htmx:beforeHistorySave", () => {
  for (const field of document.querySelectorAll("input[data-narrow]")) {
    if (!field.value) continue;
    field.value = "";
    narrow(field);
  }
});
document.addEventListener("htmx:afterSwap", () => {
  offerCopying(document);
  offerNarrowing();
  for (const [id, open] of folds) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  for (const [id, typed] of words) {
    const field = document.getElementById(id);
    if (!field || !typed) continue;
    field.value = typed;
    narrow(field);
  }
  // What was folded when it came could not take the focus.
  if (document.activeElement === document.body && focused) document.getElementById(focused)?.focus({ preventScroll: true });
  words.clear(); // a page that one goes back to is put in place, too, and is not asked to take them
});

offerCopying(document);
offerNarrowing();
