/* Files are dropped or chosen; those of the upload page are sent one by one, each with its own line, so that a slow or a bad
 * one holds up no other. Without this script the form brings all of them at once.
 */
(() => {
  const size = (bytes) =>
    bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

  const element = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };

  /* A zone with its box: what is dropped lands in the box, as if it had been chosen there. */
  const mendZone = (zone) => {
    const box = zone.querySelector("input[type=file]");
    const chosen = zone.querySelector(".ts-chosen");
    const tell = () => {
      const items = [...box.files].map((file) => element("li", {}, `${file.name} · ${size(file.size)}`));
      chosen.replaceChildren(...items);
    };
    const isFiles = (event) => event.dataTransfer?.types.includes("Files");
    const over = (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      zone.classList.add("ts-over");
    };
    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", () => zone.classList.remove("ts-over"));
    zone.addEventListener("drop", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      zone.classList.remove("ts-over");
      const all = new DataTransfer();
      const dropped = [...event.dataTransfer.files];
      (box.multiple ? [...box.files, ...dropped] : dropped.slice(0, 1)).forEach((file) => all.items.add(file));
      box.files = all.files;
      tell();
    });
    box.addEventListener("change", tell);
    zone.tell = tell;
    tell(); // what a browser kept over a reload
  };

  /* One file on its way here, in a line of its own; resolves whatever becomes of it. `answers` are those of the form when
   * its button was pressed: whoever chooses another candidate meanwhile chooses for the next files.
   */
  const send = (words, answers, file, line) =>
    new Promise((resolve) => {
      const bar = element("progress", { max: 100, value: 0 });
      const state = element("p", {}, words.sending);
      bar.setAttribute("aria-label", file.name);
      line.replaceChildren(element("span", { className: "ts-strong" }, file.name), state, bar);
      answers.set("file", file);
      const lost = (why = words.lost) => {
        line.replaceChildren(element("span", { className: "ts-strong" }, file.name), refusal(why));
        resolve();
      };
      const call = new XMLHttpRequest();
      call.open("POST", location.pathname);
      call.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      call.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      });
      call.upload.addEventListener("load", () => {
        state.textContent = words.checking;
        bar.removeAttribute("value");
      });
      call.addEventListener("error", () => lost());
      call.addEventListener("load", () => {
        const fresh = element("template", { innerHTML: call.responseText }).content.querySelector(".ts-upload");
        const isElsewhere = call.status === 403 || new URL(call.responseURL).pathname !== location.pathname;
        if (!fresh) return lost(isElsewhere ? words.signedOut : words.lost);
        fresh.querySelector(".ts-strong:empty")?.replaceChildren(file.name); // of a form that was not read
        outdated(fresh).forEach((each) => each.remove());
        line.replaceWith(fresh);
        window.htmx?.process(fresh);
        resolve();
      });
      call.send(answers);
    });

  /* Lines above and below that tell of the same resume, which came once more. */
  const outdated = ({ dataset }) =>
    dataset.resume ? document.querySelectorAll(`.ts-upload[data-resume="${dataset.resume}"]`) : [];

  const refusal = (words) => {
    const said = element("p", {}, words);
    said.setAttribute("role", "alert");
    return said;
  };

  const lineOf = (form, file) =>
    element("li", { className: "ts-card ts-upload" }, element("span", { className: "ts-strong" }, file.name), " ", form.dataset.waiting);

  /* A reload shows how far those are that were taken. */
  const remember = (list, candidate) => {
    const keys = [...list.querySelectorAll("[data-resume]")].map((line) => line.dataset.resume);
    if (keys.length) history.replaceState(null, "", `?candidate=${candidate}&uploaded=${[...new Set(keys)].join(",")}`);
  };

  const mendForm = (form) => {
    const box = form.querySelector("input[type=file]");
    const list = document.getElementById("uploads");
    const button = document.getElementById("upload-button");
    let isSending = false;
    window.addEventListener("beforeunload", (event) => isSending && event.preventDefault()); // what waits would be lost
    form.addEventListener("submit", async (event) => {
      const files = [...box.files];
      const answers = new FormData(form);
      const isShared = files.length > 1 && answers.get("external_id").trim();
      if (!files.length || !answers.get("candidate") || isShared) return; // the answer says what is wrong
      event.preventDefault();
      box.value = "";
      form.querySelector(".ts-drop").tell();
      button.disabled = isSending = true;
      document.getElementById("leave-words").hidden = false;
      const lines = files.map((file) => lineOf(form, file));
      list.prepend(...lines);
      for (const [number, file] of files.entries()) {
        if (file.size > Number(form.dataset.limit)) {
          lines[number].replaceChildren(element("span", { className: "ts-strong" }, file.name), refusal(form.dataset.tooLarge));
        } else {
          await send(form.dataset, answers, file, lines[number]);
        }
        remember(list, answers.get("candidate"));
      }
      button.disabled = isSending = false;
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".ts-drop").forEach(mendZone);
    const form = document.getElementById("upload-form");
    if (form) mendForm(form);
  });
})();
