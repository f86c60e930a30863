// The week grid: checkboxes that can be painted by mouse, by touch and by keyboard.
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class Week {
  constructor(root) {
    this.root = root;
    this.boxes = [...root.querySelectorAll("input[data-day]")];
    this.at = new Map(this.boxes.map((box) => [`${box.dataset.day}-${box.dataset.hour}`, box]));
    this.painting = null; // true or false while a stroke marks or clears
    this.listen();
    this.reveal();
    this.makeCurrent(this.boxes[0]);
    this.count();
  }

  listen() {
    const table = this.root.querySelector("table");
    table.addEventListener("pointerdown", (event) => this.startStroke(event));
    table.addEventListener("pointermove", (event) => this.continueStroke(event));
    table.addEventListener("click", (event) => this.swallowClick(event));
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("focusin", ({ target }) => this.makeCurrent(target));
    this.root.addEventListener("change", () => this.count());
    this.root.addEventListener("click", ({ target }) => this.usePreset(target.closest("[data-paint]")));
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => this.endStroke());
  }

  reveal() {
    this.root.querySelectorAll("[data-week-help], [data-week-presets]").forEach((part) => (part.hidden = false));
  }

  // One box is in the tab order, the arrow keys reach the rest: 119 stops would be a trap.
  makeCurrent(box) {
    if (!this.boxes.includes(box)) return;
    for (const other of this.boxes) other.tabIndex = other === box ? 0 : -1;
  }

  startStroke(event) {
    const box = event.target.closest("input[data-day]");
    if (!box || event.button !== 0) return;
    // A finger that scrolls must not paint: touch paints only sideways, which the page does not scroll.
    this.painting = !box.checked;
    this.stroked = false;
    this.origin = box;
    this.before = this.boxes.map((one) => one.checked);
    event.target.releasePointerCapture?.(event.pointerId);
    this.root.classList.add("b-week--painting");
  }

  continueStroke(event) {
    if (this.painting === null) return;
    const box = document.elementFromPoint(event.clientX, event.clientY)?.closest("input[data-day]");
    if (!box || !this.root.contains(box) || (box === this.origin && !this.stroked)) return;
    this.stroked = true;
    this.paintBetween(this.origin, box);
  }

  /** The whole rectangle: a quick hand skips boxes, and one that comes back takes back what it went too far. */
  paintBetween(from, to) {
    const between = (name, box) => (+box.dataset[name] - +from.dataset[name]) * (+box.dataset[name] - +to.dataset[name]) <= 0;
    this.boxes.forEach((box, n) => this.paint(box, between("day", box) && between("hour", box) ? this.painting : this.before[n]));
  }

  endStroke() {
    if (this.painting === null) return;
    this.painting = null;
    this.root.classList.remove("b-week--painting");
    this.count();
  }

  /** The click that ends a stroke would toggle the last box again. */
  swallowClick(event) {
    if (!this.stroked || !event.target.matches("input[data-day]")) return;
    this.stroked = false;
    event.preventDefault();
  }

  onKey(event) {
    const step = ARROWS[event.key];
    const box = event.target.closest("input[data-day]");
    if (!step || !box) return;
    event.preventDefault();
    const next = this.at.get(`${+box.dataset.day + step[0]}-${+box.dataset.hour + step[1]}`);
    if (!next) return;
    if (event.shiftKey) this.paint(next, box.checked);
    next.focus();
    this.count();
  }

  usePreset(button) {
    if (!button) return;
    const [days, hours] = button.dataset.paint.split(":");
    if (!hours) {
      this.boxes.forEach((box) => this.paint(box, false));
    } else {
      const [first, last] = hours.split("-").map(Number);
      for (const day of days.split(",")) {
        for (let hour = first; hour < last; hour++) this.paint(this.at.get(`${day}-${hour}`), true);
      }
    }
    this.count();
  }

  paint(box, checked) {
    if (box) box.checked = checked;
  }

  count() {
    const output = this.root.querySelector("[data-week-count]");
    const hours = this.boxes.filter((box) => box.checked).length;
    if (output) output.textContent = hours === 1 ? output.dataset.one : output.dataset.many.replace("{n}", hours);
  }
}

const begin = () => document.querySelectorAll("[data-week]:not([data-week-ready])").forEach((root) => {
  root.dataset.weekReady = "";
  new Week(root);
});

document.addEventListener("htmx:after:swap", begin);
begin();
