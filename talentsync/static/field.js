// A link to a field (…/change/#id_addresses) opens the form there and puts the cursor into its first box. Fields of several
// boxes have no element of that name, and the bar of buttons would cover what the browser scrolls to by itself.
document.addEventListener("DOMContentLoaded", () => {
  const name = /^#id_([a-z_]+)$/.exec(location.hash)?.[1];
  const box = name && document.querySelector(`.field-${name} :is(input, select, textarea):not([type=hidden])`);
  box?.scrollIntoView({ block: "center" });
  box?.focus({ preventScroll: true });
});
