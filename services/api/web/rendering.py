"""From a template to a response."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2_fragments import render_block
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.api.web import translations
from services.api.web.assets import static_url
from services.api.web.navigation import current_item, navigation_for

SLICES = Path(__file__).parents[1]


class PageActor(Protocol):
    """What the layout shows of who is logged in."""

    @property
    def display_name(self) -> str: ...

    @property
    def roles(self) -> set[str] | frozenset[str]: ...


@dataclass(frozen=True)
class Flash:
    """A message that survives one redirect."""

    text: str
    tone: Literal["info", "success", "warning", "error"] = "success"


@dataclass(frozen=True)
class PageContext:
    """What every page knows of its request; the middleware puts it at `request.state.page`."""

    actor: PageActor | None = None
    csrf_token: str = ""
    locale: str = translations.DEFAULT_LOCALE
    time_zone: str = "UTC"
    demo: bool = False
    flash: list[Flash] = field(default_factory=list)
    path: str = "/"


def _slice_loaders() -> dict[str, FileSystemLoader]:
    folders = sorted(SLICES.glob("*/templates"))
    return {folder.parent.name: FileSystemLoader(folder) for folder in folders}


@cache
def environment() -> Environment:
    """Templates of the design system by bare name, those of a slice as `<slice>/…`."""
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(SLICES / "web" / "templates"), PrefixLoader(_slice_loaders())]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    _install_translations(env)
    env.globals.update(
        static_url=static_url,
        navigation_for=navigation_for,
        current_item=current_item,
        weekday_name=translations.weekday_name,
    )
    env.filters.update(translations.FILTERS)
    return env


def _install_translations(env: Environment) -> None:
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translations.gettext,
        translations.ngettext,
        newstyle=True,
        pgettext=translations.pgettext,
        npgettext=translations.npgettext,
    )


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page rather than the whole."""
    return request.headers.get("HX-Request-Type") == "partial"


def page_of(request: Request) -> PageContext:
    page: PageContext = getattr(request.state, "page", None) or PageContext(path=request.url.path)
    return page


def render_html(page: PageContext, template: str, context: Mapping[str, Any], block: str | None = None) -> str:
    """A page, or one block of it, in the reader's language. A name the template lacks is an error."""
    values = {**context, "page": page, "actor": page.actor, "csrf_token": page.csrf_token}
    with translations.reading_as(page.locale, page.time_zone):
        if block is not None:
            return render_block(environment(), template, block, values)
        return environment().get_template(template).render(values)


def render(  # noqa: PLR0913 — the one way to answer with a page
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Answer with `template`, or only its `block` (for htmx). Forms with errors answer with status 422."""
    html = render_html(page_of(request), template, context or {}, block)
    return HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request-Type", **(headers or {})})
