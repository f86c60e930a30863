"""Three files a mail: subject.txt, body.txt, body.html, in `templates/<language>/<template>/`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from services.notifier.messages import Template
from shared.vocabulary.labels import label_in
from shared.vocabulary.stages import Stage

FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("en", "es", "fr")
MOMENT = {
    "en": "EEEE, MMMM d, y, h:mm a",
    "es": "EEEE, d 'de' MMMM 'de' y, HH:mm",
    "fr": "EEEE d MMMM y, HH:mm",
}


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def spoken(language: str) -> str:
    """The reader's language, English where there are no templates in it."""
    return language if language in LANGUAGES else "en"


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
    made.filters.update(moment=_moment, day=_day, stage=_stage)
    return made


def render(template: Template, language: str, context: dict[str, Any]) -> Rendered:
    """A mail in the reader's language; `context["zone"]` is the reader's time zone."""
    chosen = spoken(language)
    values = {**context, "language": chosen}
    subject = " ".join(_part(template, "subject.txt", values).split())
    values["subject"] = subject
    return Rendered(subject, _part(template, "body.txt", values).strip() + "\n", _part(template, "body.html", values))


def _part(template: Template, part: str, values: dict[str, Any]) -> str:
    return environment().get_template(f"{values['language']}/{template}/{part}").render(values)


def format_moment(at: datetime, zone: str, language: str) -> str:
    """E.g. Tuesday, March 3, 2026, 5:30 PM CST: in the reader's zone, under the name that clocks there go by."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{format_datetime(there, MOMENT[language], locale=language)} {there.tzname()}"


def format_day(at: datetime, zone: str, language: str) -> str:
    return format_date(at.astimezone(ZoneInfo(zone)), "full", locale=language)


@pass_context
def _moment(context: Context, at: datetime) -> str:
    return format_moment(at, context["zone"], context["language"])


@pass_context
def _day(context: Context, at: datetime) -> str:
    return format_day(at, context["zone"], context["language"])


@pass_context
def _stage(context: Context, stage: str) -> str:
    return label_in(context["language"], Stage(stage).label)
