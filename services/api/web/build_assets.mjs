// Builds everything the pages load into static/dist: one stylesheet, the scripts, the fonts, the icons and the map.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const web = dirname(fileURLToPath(import.meta.url));
const modules = join(web, "../../../node_modules");
const uswds = join(modules, "@uswds/uswds");
const dist = join(web, "static/dist");

const COPIES = {
  "js/uswds-init.js": join(uswds, "dist/js/uswds-init.min.js"),
  "js/uswds.js": join(uswds, "dist/js/uswds.min.js"),
  "js/htmx.js": join(modules, "htmx.org/dist/htmx.min.js"),
  "map/states.json": join(modules, "us-atlas/states-albers-10m.json"),
  "fonts/PublicSans-Regular.woff2": join(uswds, "dist/fonts/public-sans/PublicSans-Regular.woff2"),
  "fonts/PublicSans-Italic.woff2": join(uswds, "dist/fonts/public-sans/PublicSans-Italic.woff2"),
  "fonts/PublicSans-SemiBold.woff2": join(uswds, "dist/fonts/public-sans/PublicSans-SemiBold.woff2"),
  "fonts/PublicSans-Bold.woff2": join(uswds, "dist/fonts/public-sans/PublicSans-Bold.woff2"),
  "fonts/Merriweather-Regular.woff2": join(uswds, "dist/fonts/merriweather/Latin-Merriweather-Regular.woff2"),
  "fonts/Merriweather-Bold.woff2": join(uswds, "dist/fonts/merriweather/Latin-Merriweather-Bold.woff2"),
};

const ICONS = [
  "account_circle", "add", "arrow_back", "arrow_forward", "calendar_today", "chat", "check", "check_circle",
  "chevron_right", "close", "content_copy", "delete", "edit", "error", "event", "expand_more", "favorite",
  "file_download", "file_upload", "flag", "groups", "help", "history", "home", "info", "insights", "language",
  "lightbulb", "link", "local_hospital", "location_on", "lock", "logout", "mail", "map", "menu", "more_horiz",
  "navigate_next", "notifications", "people", "person", "phone", "public", "push_pin", "schedule", "school",
  "search", "security", "settings", "star", "support", "trending_down", "trending_up", "undo", "verified",
  "visibility", "visibility_off", "warning",
];

function buildStyles() {
  const { css } = sass.compile(join(web, "styles/belay.scss"), {
    loadPaths: [join(uswds, "packages")],
    style: "compressed",
    quietDeps: true,
    logger: sass.Logger.silent,
  });
  writeFileSync(join(dist, "belay.css"), bringAlongImages(css));
}

/** Copies each USWDS image that the stylesheet names, so that no other is shipped. */
function bringAlongImages(css) {
  return css.replace(/url\(["']?\.\.\/img\/([^"')]+)["']?\)/g, (_, name) => {
    copy(`img/${name}`, join(uswds, "dist/img", name));
    return `url(img/${name})`;
  });
}

/** One small sprite of the icons in use; the whole of USWDS's is ten times as large. */
function buildIcons() {
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(join(uswds, `dist/img/usa-icons/${name}.svg`), "utf8");
    const [, viewBox] = svg.match(/viewBox="([^"]+)"/);
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
    return `<symbol id="${name}" viewBox="${viewBox}">${body}</symbol>`;
  });
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function copy(target, source) {
  mkdirSync(dirname(join(dist, target)), { recursive: true });
  cpSync(source, join(dist, target));
}

/** Source maps are not shipped; a browser would only ask for them in vain. */
function copyWithoutSourceMap(target, source) {
  mkdirSync(dirname(join(dist, target)), { recursive: true });
  writeFileSync(join(dist, target), readFileSync(source, "utf8").replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const [target, source] of Object.entries(COPIES)) {
  (target.endsWith(".js") ? copyWithoutSourceMap : copy)(target, source);
}
buildIcons();
buildStyles();
