"""Three files a mail: subject.txt, body.txt, body.html, in `templates/<language>/<template>/`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifier.messages import Template

FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("en", "es", "fr")


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


@cache
def environment() -> Environment:
    """Strict: a variable that is missing is an error, not a gap in somebody's mail."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = format_moment
    made.filters["day"] = format_day
    return made


def render(template: Template, language: str, context: dict[str, Any]) -> Rendered:
    """A mail in the reader's language, English where there is none."""
    chosen = language if language in LANGUAGES else "en"
    parts = [
        environment().get_template(f"{chosen}/{template}/{part}").render(language=chosen, **context)
        for part in ("subject.txt", "body.txt", "body.html")
    ]
    return Rendered(" ".join(parts[0].split()), parts[1].strip() + "\n", parts[2])


def format_moment(at: datetime, zone: str, language: str) -> str:
    """E.g. Tuesday, March 3, 2026 at 5:30 PM CST: in the reader's zone, which is named."""
    return format_datetime(
        at,
        "EEEE, d MMMM y, HH:mm zzz" if language != "en" else "EEEE, MMMM d, y, h:mm a zzz",
        tzinfo=ZoneInfo(zone),
        locale=language,
    )


def format_day(at: datetime, zone: str, language: str) -> str:
    return format_date(at.astimezone(ZoneInfo(zone)), "long", locale=language)
