// Buttons with data-copy put their text on the clipboard; where that is impossible they stay hidden.
function show(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("button[data-copy][hidden]").forEach((button) => (button.hidden = false));
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("[aria-live]").textContent = button.dataset.copied;
});

document.addEventListener("htmx:after:swap", () => show(document));
show(document);
