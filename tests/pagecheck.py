"""The page check: what must hold of every page that is rendered, whatever it shows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib

_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant", "headers")
_UNLABELED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
_NAMED = "aria-label"


@dataclass(frozen=True)
class Page:
    """A parsed page; elements of every namespace go by their bare names."""

    html: str

    @cached_property
    def parser(self) -> html5lib.HTMLParser:
        return html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)

    @cached_property
    def root(self) -> Element:
        root: Element = self.parser.parse(self.html)
        return root

    @cached_property
    def elements(self) -> list[Element]:
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    @cached_property
    def ids(self) -> Counter[str]:
        return Counter(element.attrib["id"] for element in self.elements if "id" in element.attrib)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The text of each label by the id of the control it is for."""
        return {label.get("for", ""): text_of(label) for label in self.all("label")}

    @cached_property
    def wrapped(self) -> set[Element]:
        """Controls that stand inside their label."""
        return {control for label in self.all("label") if text_of(label) for control in label.iter()}

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if bare(element) in names]


def check_page(html: str) -> list[str]:
    """Every problem of a whole page, as a sentence; none if the page is right."""
    page = Page(html)
    return [problem for check in CHECKS for problem in check(page)]


def bare(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def text_of(element: Element) -> str:
    """What a screen reader says of it: its text and the alternatives of its images."""
    alternatives = (image.get("alt", "") for image in element.iter() if bare(image) == "img")
    return " ".join(" ".join((*element.itertext(), *alternatives)).split())


def describe(element: Element) -> str:
    kept = ("id", "name", "type", "href", "action", "src", "for")
    told = "".join(f' {key}="{element.attrib[key]}"' for key in kept if key in element.attrib)
    return f"<{bare(element)}{told}>"


def valid_html(page: Page) -> Iterator[str]:
    _ = page.root
    for (line, column), code, _values in page.parser.errors:
        yield f"invalid HTML at line {line}, column {column}: {code}"


def whole_document(page: Page) -> Iterator[str]:
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        yield "no <!doctype html>"
    if not page.root.get("lang"):
        yield "<html> has no lang"
    titles = [text_of(title) for head in page.all("head") for title in head if bare(title) == "title"]
    if not titles or not titles[0].split("·")[0].strip():
        yield "the title is empty"


def headings(page: Page) -> Iterator[str]:
    count = len(page.all("h1"))
    if count != 1:
        yield f"{count} <h1> instead of one"
    level = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        if not text_of(heading):
            yield f"{describe(heading)} is empty"
        if int(bare(heading)[1]) > level + 1:
            yield f"<{bare(heading)}> “{text_of(heading)}” skips a level after h{level}"
        level = int(bare(heading)[1])


def unique_ids(page: Page) -> Iterator[str]:
    for name, count in page.ids.items():
        if count > 1:
            yield f'the id "{name}" is used {count} times'
        if not name or any(char.isspace() for char in name):
            yield f'"{name}" cannot be an id'


def references(page: Page) -> Iterator[str]:
    for element in page.elements:
        for attribute in _REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in page.ids:
                    yield f'{describe(element)} refers to "{name}" ({attribute}), which is not there'


def label_targets(page: Page) -> Iterator[str]:
    for element in page.all("label", "output"):
        for name in element.get("for", "").split():
            if name not in page.ids:
                yield f'{describe(element)} is for "{name}", which is not there'


def fragments(page: Page) -> Iterator[str]:
    for link in page.all("a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] not in page.ids:
            yield f"{describe(link)} leads nowhere on this page"


def labels(page: Page) -> Iterator[str]:
    for control in page.all("input", "select", "textarea", "meter", "progress"):
        if bare(control) == "input" and control.get("type", "text") in _UNLABELED_INPUTS:
            continue
        named = control.get(_NAMED) or control.get("aria-labelledby") or page.labels.get(control.get("id", ""))
        if not named and control not in page.wrapped:
            yield f"{describe(control)} has no label"


def forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        method = form.get("method", "").lower()
        if method not in {"get", "post", "dialog"}:
            yield f"{describe(form)} names no method"
        if method != "dialog" and not form.get("action"):
            yield f"{describe(form)} names no action"
        fields = {field.get("name"): field for field in form.iter() if bare(field) == "input"}
        if method == "post" and ("csrf_token" not in fields or not fields["csrf_token"].get("value")):
            yield f"{describe(form)} carries no CSRF token"


def nothing_inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        if bare(element) == "style":
            yield "an inline <style>"
        if bare(element) == "script" and not element.get("src"):
            yield "an inline <script>"
        for attribute, value in element.attrib.items():
            if attribute == "style" or attribute.startswith("on") or "hx-on" in attribute:
                yield f"{describe(element)} has {attribute}="
            if attribute in {"href", "action", "src"} and value.strip().lower().startswith("javascript:"):
                yield f"{describe(element)} runs a script"


def own_host(page: Page) -> Iterator[str]:
    for element in page.all("script", "link", "img", "use", "source", "iframe"):
        address = element.get("src") or element.get("href") or ""
        if "//" in address or address.startswith("data:"):
            yield f"{describe(element)} loads from elsewhere"


def images(page: Page) -> Iterator[str]:
    for image in page.all("img"):
        if "alt" not in image.attrib:
            yield f"{describe(image)} has no alt"
    for drawing in page.all("svg"):
        named = drawing.get(_NAMED) or drawing.get("aria-labelledby")
        if drawing.get("aria-hidden") != "true" and not (drawing.get("role") == "img" and named):
            yield "an <svg> is neither hidden nor named"


def spoken(page: Page) -> Iterator[str]:
    for element in page.all("a", "button"):
        if not text_of(element) and not element.get(_NAMED) and not element.get("aria-labelledby"):
            yield f"{describe(element)} has no text"
    for link in page.all("a"):
        if not link.get("href"):
            yield f"{describe(link)} “{text_of(link)}” leads nowhere"


def tables(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if not any(bare(cell) == "th" for cell in table.iter()):
            yield f"{describe(table)} has no header cell"


CHECKS: tuple[Callable[[Page], Iterator[str]], ...] = (
    valid_html, whole_document, headings, unique_ids, references, label_targets, fragments, labels, forms,
    nothing_inline, own_host, images, spoken, tables,
)
