/* Unfold's controls that only a mouse reaches: made reachable by Tab, Enter and Space, and given names.
 *
 * Its templates press plain elements by Alpine's x-on:click, and show icons as ligatures, which a screen reader spells out.
 * The names are translated in templates/core/names.html, one for each icon.
 */
(() => {
  const PRESSED = "[x-on\\:click], [\\@click]";
  const NATIVE = "a[href], button, input, select, textarea, summary, label";
  const ICON = ".material-symbols-outlined";

  const iconOf = (element) => (element.matches(ICON) ? element : element.querySelector(ICON))?.textContent.trim();

  const hasWords = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(ICON).forEach((icon) => icon.remove());
    return !element.matches(ICON) && copy.textContent.trim() !== "";
  };

  const give = (element, names) => {
    if (element.hasAttribute("aria-label") || element.matches("input, select, textarea") || hasWords(element)) return;
    const name = names[iconOf(element)] || element.title || names[element.id.replaceAll("-", "_")];
    if (name) element.setAttribute("aria-label", name);
  };

  /* Django labels the two halves of a moment as one. */
  const giveToHalf = (box, names) => {
    const label = box.closest("[class*=field-]")?.querySelector("label")?.textContent.replace("*", "").trim() ?? "";
    box.setAttribute("aria-label", `${label}: ${box.matches(".vDateField") ? names.date : names.time}`);
  };

  /* A box of select2 stands after the select that it replaces, and takes over its words. */
  const giveToSelect = (select) => {
    const cell = select.closest("td");
    const column = cell?.closest("table").querySelectorAll("thead th")[cell.cellIndex];
    const heading = column ?? select.closest("[class*=filter], .flex-col")?.querySelector("h3, label");
    const words = select.getAttribute("aria-label") || select.labels[0]?.textContent || heading?.textContent || "";
    const label = words.replace("*", "").trim();
    if (label && !select.labels.length) select.setAttribute("aria-label", label);
    const box = select.nextElementSibling;
    if (!label || !box?.matches(".select2-container")) return;
    box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]").forEach((each) => {
      each.removeAttribute("aria-labelledby");
      each.setAttribute("aria-label", label);
    });
  };

  const mend = () => {
    const names = document.getElementById("ts-names")?.dataset ?? {};
    document.querySelectorAll(PRESSED).forEach((element) => {
      if (element.matches(NATIVE)) return;
      element.setAttribute("role", "button");
      element.tabIndex = 0;
    });
    document.querySelectorAll(`a, button, [role=button]`).forEach((element) => give(element, names));
    document.querySelectorAll(`${ICON}:not([role])`).forEach((icon) => icon.setAttribute("aria-hidden", "true"));
    document.querySelectorAll(".vDateField, .vTimeField").forEach((box) => giveToHalf(box, names));
    document.querySelectorAll("select").forEach(giveToSelect);
  };

  document.addEventListener("keydown", (event) => {
    const element = event.target;
    if (!["Enter", " "].includes(event.key) || element.matches(NATIVE) || !element.matches(PRESSED)) return;
    event.preventDefault();
    element.click();
  });
  /* Menus, select boxes and refreshed parts come later than the page; each picture is mended once, before it is shown. */
  let isDue = false;
  const mendSoon = () => {
    if (!isDue) requestAnimationFrame(() => ((isDue = false), mend()));
    isDue = true;
  };
  document.addEventListener("DOMContentLoaded", () => {
    mend();
    new MutationObserver(mendSoon).observe(document.body, { childList: true, subtree: true });
  });
})();
