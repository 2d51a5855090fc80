// Help while typing: a search box becomes a combobox with a list below it (ARIA 1.2, list autocomplete with manual selection).
// Focus stays in the box; the arrow keys choose, Enter opens, Escape closes. Without this file the box searches as ever.

for (const box of document.querySelectorAll("[data-suggest]")) help(box);

function help(box) {
  const PAUSE = 120; // milliseconds without a key before the server is asked
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let asking = null; // the question under way
  let timer = 0;
  let active = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => !list.hidden;

  function choose(place) {
    active = place;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const option = options()[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function show(html) {
    list.innerHTML = html;
    options().forEach((option, number) => {
      option.id = `${list.id}-${number}`;
    });
    choose(-1);
    status.textContent = list.querySelector("[data-said]")?.textContent ?? "";
    if (options().length) open();
    else close();
  }

  async function ask() {
    asking?.abort();
    const question = new AbortController();
    asking = question;
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: input.value })}`, { signal: question.signal });
      const html = answer.ok ? await answer.text() : "";
      if (asking === question && document.activeElement === input) show(html);
    } catch {
      if (asking === question) close(); // the line is away: the box still searches
    }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    if (input.value.trim() === "") show("");
    else timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", ask);

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (isOpen()) choose(((active + 1 + step + count + 1) % (count + 1)) - 1); // one place more: the box itself
      else {
        open();
        choose(step === 1 ? 0 : count - 1);
      }
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault(); // the second Escape empties the box, as browsers do
      close();
    } else if (event.key === "Enter" && isOpen() && options()[active]) {
      event.preventDefault();
      options()[active].click();
    } else if (event.key === "Enter" || event.key === "Tab") {
      close();
    }
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  input.addEventListener("blur", close);
}
