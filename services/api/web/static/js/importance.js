// The word beside an importance slider follows the slider, also for a screen reader.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[type=range][data-words]")) return;
  const word = JSON.parse(target.dataset.words)[target.value];
  target.setAttribute("aria-valuetext", word);
  target.parentElement.querySelector("output").textContent = word;
});
