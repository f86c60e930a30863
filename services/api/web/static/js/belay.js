// Everything works without these; each makes one thing quicker.
import "./availability.js";
import "./confirm.js";
import "./copy.js";
import "./dialog.js";
import "./importance.js";

// After an answer that needs another look, reading starts at the summary of errors.
document.querySelector("[data-focus]")?.focus();
