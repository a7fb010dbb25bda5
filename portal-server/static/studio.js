// The draft's page without reloads: a change in the preview asks for the view alone; every other form and link of the
// page is fetched and the parts marked data-swap are replaced.

const studio = document.getElementById("studio");
const id = studio.dataset.id;
let front = Number(studio.dataset.page);
let queue = Promise.resolve();

/** Runs one thing after the other, so that answers cannot overtake each other. */
function next(work) {
  queue = queue.then(work).catch((error) => say(String(error.message ?? error)));
  return queue;
}

function say(sentence) {
  const place = studio.querySelector("[data-swap=alert]");
  place.replaceChildren();
  if (!sentence) return;
  const alert = document.createElement("p");
  alert.className = "alert";
  alert.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = sentence;
  alert.append(words);
  place.append(alert);
}

/** Remembers where the keyboard is, and brings it back to the field of the same name. */
function keepingFocus(change) {
  const before = document.activeElement;
  const key = before?.id ? `#${CSS.escape(before.id)}` : before?.name ? `[name="${CSS.escape(before.name)}"]` : null;
  const [start, end] = [before?.selectionStart, before?.selectionEnd];
  change();
  const after = key && document.querySelector(key);
  if (!after || after === document.activeElement) return;
  after.focus({ preventScroll: true });
  if (typeof start === "number" && after.type !== "range") after.setSelectionRange?.(start, end);
}

/* The preview */

async function act(body) {
  const view = document.getElementById("view");
  const slow = setTimeout(() => view.classList.add("waiting"), 300);
  const answer = await fetch(`/api/v1/creations/${id}/view?page=${front}`, {
    method: body ? "POST" : "GET",
    headers: { accept: "text/html", ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  clearTimeout(slow);
  view.classList.remove("waiting");
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const html = await answer.text();
  say("");
  keepingFocus(() => (view.innerHTML = html));
}

function actOf(control) {
  if (control.dataset.set) return { act: "set", id: control.dataset.set, value: Number(control.value) };
  const [what, ...rest] = (control.name ?? "").split(":");
  const node = rest.join(":");
  if (what === "type") return { act: "type", id: node, text: control.value };
  if (what === "search") return { act: "search", id: node, text: control.value };
  if (what === "window") return { act: "window", id: node, from: Number(control.value) };
  if (what === "reset") return { act: "reset_all" };
  if (what === "sort") {
    const [column, way] = control.value.split(",");
    return { act: "sort", id: node, column: Number(column), down: way === "down" };
  }
  if (what === "set") {
    const value = control.type === "checkbox" ? control.checked : JSON.parse(control.value);
    return { act: "set", id: node, value };
  }
  return null;
}

let typing = 0;
studio.addEventListener("input", (event) => {
  const control = event.target;
  if (!control.closest("#view")) return;
  if (control.type === "search" || control.type === "range") {
    clearTimeout(typing);
    typing = setTimeout(() => next(() => act(actOf(control))), control.type === "range" ? 40 : 200);
  }
});

studio.addEventListener("change", (event) => {
  const control = event.target;
  if (control.closest("#view")) {
    const body = actOf(control);
    if (body && control.type !== "search" && control.type !== "range") next(() => act(body));
    return;
  }
  const form = control.closest("form[data-live]");
  if (form) next(() => submit(form));
});

studio.addEventListener("click", (event) => {
  const tab = event.target.closest("#view a[data-page]");
  if (tab) {
    event.preventDefault();
    front = Number(tab.dataset.page);
    for (const field of studio.querySelectorAll("input[name=page]")) field.value = front;
    next(() => act(null));
    return;
  }
  const link = event.target.closest(".workshop .outline a, .workshop [data-swap=sizes] a");
  if (link && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    const address = new URL(link.href);
    address.searchParams.set("page", front);
    next(() => visit(address));
  }
});

/* The rest of the page */

async function visit(address) {
  await swap(fetch(address, { headers: { accept: "text/html" } }));
  history.replaceState(null, "", address);
}

async function submit(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  await swap(fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { accept: "text/html" } }));
}

async function swap(answering) {
  const answer = await answering;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("studio");
  if (!found) {
    document.documentElement.innerHTML = page.documentElement.innerHTML;
    return;
  }
  keepingFocus(() => {
    for (const part of studio.querySelectorAll("[data-swap]")) {
      const fresh = found.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (!fresh) continue;
      const open = [...part.querySelectorAll("details")].map((details) => details.open);
      part.className = fresh.className;
      part.innerHTML = fresh.innerHTML;
      [...part.querySelectorAll("details")].forEach((details, place) => (details.open ||= open[place] ?? false));
    }
  });
}

studio.addEventListener("submit", (event) => {
  const form = event.target;
  const action = form.getAttribute("action");
  if (action.endsWith("/publish") || action.endsWith("/discard")) return;
  event.preventDefault();
  const button = event.submitter;
  if (form.id === "preview") {
    const body = button?.name ? actOf(button) : null;
    const typed = document.activeElement?.closest("#view input[name^='type:']");
    if (body) next(() => act(body));
    else if (typed) next(() => act(actOf(typed)));
    return;
  }
  next(() => submit(form, button));
});

/* Lines of the outline can be dragged among their neighbours. */

let dragged = null;
const lines = () => [...studio.querySelectorAll(".outline [data-line]")];

studio.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".outline [data-line]");
});
studio.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".outline [data-line]");
  for (const line of lines()) line.classList.remove("drop-above", "drop-below");
  if (!dragged || !over || neighbours(dragged).indexOf(over) < 0) return;
  event.preventDefault();
  const later = neighbours(dragged).indexOf(over) > neighbours(dragged).indexOf(dragged);
  over.classList.add(later ? "drop-below" : "drop-above");
});
studio.addEventListener("drop", (event) => {
  const over = event.target.closest?.(".outline [data-line]");
  if (!dragged || !over) return;
  event.preventDefault();
  const among = neighbours(dragged);
  const by = among.indexOf(over) - among.indexOf(dragged);
  const form = studio.querySelector(".inspector .moves")?.cloneNode(true);
  if (!form || among.indexOf(over) < 0 || by === 0) return;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("id", dragged.dataset.line);
  fields.set("do", "move");
  fields.set("by", by);
  dragged = null;
  next(() => swap(fetch(`/create/${id}/edit`, { method: "POST", body: fields, headers: { accept: "text/html" } })));
});

/** The lines that stand beside a line: same depth, nothing shallower in between. */
function neighbours(line) {
  const all = lines();
  const depth = Number(line.dataset.depth);
  const at = all.indexOf(line);
  let from = at;
  while (from > 0 && Number(all[from - 1].dataset.depth) >= depth) from -= 1;
  let to = at;
  while (to + 1 < all.length && Number(all[to + 1].dataset.depth) >= depth) to += 1;
  return all.slice(from, to + 1).filter((other) => Number(other.dataset.depth) === depth);
}
