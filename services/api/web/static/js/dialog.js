// Links with data-open-dialog open their <dialog>; without this script they lead to the page they name.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-dialog]");
  const dialog = link && document.getElementById(link.dataset.openDialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.matches("dialog[open]")) {
    closeIfOutside(event.target, event);
  }
});

/** A click on the backdrop counts as a click on the dialog itself, outside of its box. */
function closeIfOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  const inside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!inside) dialog.close();
}
