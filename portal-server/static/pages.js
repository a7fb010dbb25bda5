// What makes every page pleasant: uploads with progress and drag and drop, menus that close. Without it all works as
// plain forms.

document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("form[data-upload]")) watchUpload(form);

function watchUpload(form) {
  const input = form.querySelector("input[type=file]");
  const progress = form.querySelector(".progress");
  const bar = form.querySelector("progress");
  let sending = null;

  input.addEventListener("change", () => input.files.length && send(input.files[0]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) send(input.files[0]);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => sending?.abort());

  function send(file) {
    say("");
    const body = new FormData();
    body.append("spreadsheet", file, file.name);
    sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.upload.onprogress = (event) => show(file, event.loaded / Math.max(event.total, 1));
    sending.onload = () => arrived(sending);
    sending.onerror = () => failed("The upload broke off. Check the connection and try again.");
    sending.onabort = () => failed("");
    show(file, 0);
    sending.send(body);
  }

  function show(file, share) {
    form.classList.add("busy");
    progress.hidden = false;
    const percent = Math.round(share * 100);
    bar.value = percent;
    progress.querySelector("[data-name]").textContent = file.name;
    progress.querySelector("[data-percent]").textContent = percent < 100 ? `${percent} %` : "Reading the cells";
  }

  function arrived(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (request.status < 300) {
      // The answer of a form is a page; where it came after a redirect, its address is known.
      if (request.responseURL !== form.action) location.assign(request.responseURL);
      else {
        history.replaceState(null, "", form.action.replace(/spreadsheet$/, "versions"));
        document.open();
        document.write(request.responseText);
        document.close();
      }
      return;
    }
    let sentence = page.querySelector("form[data-upload] [role=alert] span, [role=alert] span, .step p")?.textContent;
    if (!sentence) sentence = problem(request) ?? "The portal could not take the file. Try again in a minute.";
    failed(sentence, page.querySelector("form[data-upload] .remarks"));
  }

  function problem(request) {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return null;
    }
  }

  function failed(sentence, details) {
    form.classList.remove("busy");
    progress.hidden = true;
    input.value = "";
    say(sentence, details);
  }

  function say(sentence, details) {
    const alert = form.querySelector("[role=alert]");
    alert.querySelector("span").textContent = sentence;
    alert.hidden = !sentence;
    form.querySelector(".remarks")?.remove();
    if (details) alert.after(details);
  }
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open], details.confirm[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.menu[open], details.confirm[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
