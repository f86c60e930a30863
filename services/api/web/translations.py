"""Words, numbers and dates in the language and time zone of whoever reads the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGS = Path(__file__).parent / "translations"
DOMAIN = "messages"
LOCALES = {"en": "English", "es": "Español", "fr": "Français"}
DEFAULT_LOCALE = "en"
# “-0600” says little: only the Spanish of the United States has short names for its time zones (CST).
ZONE_NAMES = {"es": "es_US"}
TITLES = frozenset({"dr", "dra", "prof", "mr", "mrs", "ms", "mx"})

Width = Literal["wide", "abbreviated", "short", "narrow"]


@dataclass(frozen=True)
class Reader:
    """Whose language and clock a page is written for."""

    locale: str = DEFAULT_LOCALE
    time_zone: str = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


_reader: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 — frozen


@contextmanager
def reading_as(locale: str, time_zone: str = "UTC") -> Iterator[None]:
    """Everything within is worded for this language and time zone."""
    token = _reader.set(Reader(locale if locale in LOCALES else DEFAULT_LOCALE, time_zone))
    try:
        yield
    finally:
        _reader.reset(token)


def current_locale() -> str:
    """The language of whoever reads now."""
    return _reader.get().locale


def catalog_path(locale: str) -> Path:
    return CATALOGS / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def load_catalog(locale: str) -> NullTranslations:
    """The catalog of a language, compiled from its text when first asked for; English is the source."""
    if locale == DEFAULT_LOCALE:
        return NullTranslations()
    with catalog_path(locale).open("rb") as source:
        catalog = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def gettext(message: str) -> str:
    return load_catalog(_reader.get().locale).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return load_catalog(_reader.get().locale).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    return str(load_catalog(_reader.get().locale).pgettext(context, message))


def npgettext(context: str, singular: str, plural: str, count: int) -> str:
    return load_catalog(_reader.get().locale).npgettext(context, singular, plural, count)


def first_name(name: str) -> str:
    """How one is greeted: “Dr. Ana Sol” as Ana."""
    words = [word for word in name.split() if word.rstrip(".").lower() not in TITLES]
    return words[0] if words else name


def format_date(value: date | datetime, style: str = "medium") -> str:
    """A day; an instant is first moved into the reader's time zone."""
    local = value.astimezone(_reader.get().zone) if isinstance(value, datetime) else value
    return dates.format_date(local, style, locale=_reader.get().locale)


def format_time(value: datetime | time, style: str = "short") -> str:
    """A time of day; an instant is told by the reader's clock, a bare time as it stands."""
    reader = _reader.get()
    if isinstance(value, datetime):
        return dates.format_time(value, style, tzinfo=reader.zone, locale=reader.locale)
    return dates.format_time(value, style, locale=reader.locale)


def format_clock(hour: int) -> str:
    """An hour of the day as short as the language has it: `6 PM`, `18 h`, `18:00`."""
    pattern = {"en": "h a", "fr": "H 'h'"}.get(_reader.get().locale, "H:mm")
    return dates.format_time(time(hour % 24), pattern, locale=_reader.get().locale)


def format_moment(value: datetime) -> str:
    """Day and time with the name of the time zone: `Mar 3, 2027, 6:00 PM CST`."""
    reader = _reader.get()
    local = value.astimezone(reader.zone)
    zone = dates.get_timezone_name(local, width="short", locale=ZONE_NAMES.get(reader.locale, reader.locale))
    order = str(dates.get_datetime_format("medium", locale=reader.locale))
    return f"{order.format(format_time(value), format_date(value))} {zone}"


def format_ago(value: datetime, now: datetime) -> str:
    """How long ago or how soon: `3 days ago`, `in 2 hours`."""
    return dates.format_timedelta(value - now, add_direction=True, locale=_reader.get().locale)


def format_duration(value: timedelta) -> str:
    return dates.format_timedelta(value, threshold=1.5, locale=_reader.get().locale)


def format_number(value: float | Decimal, digits: int = 1, *, fixed: bool = False) -> str:
    """A number with at most `digits` decimals, or exactly as many if `fixed`, grouped as the language groups."""
    pattern = "#,##0" + ("." + ("0" if fixed else "#") * digits if digits else "")
    return numbers.format_decimal(value, pattern, locale=_reader.get().locale)


def format_score(value: float) -> str:
    """A score or points of one, always with three decimals: 0.700 beside 0.685."""
    return format_number(value, 3, fixed=True)


def format_percent(share: float, digits: int = 0) -> str:
    """A share from 0 to 1 as percent."""
    return numbers.format_percent(round(share, digits + 2), locale=_reader.get().locale, decimal_quantization=False)


def format_list(items: list[str]) -> str:
    """`a, b, and c`."""
    return lists.format_list(items, locale=_reader.get().locale) if items else ""


@cache
def _weekdays(locale: str, width: Width) -> tuple[str, ...]:
    names = dates.get_day_names(width, "stand-alone", locale=locale)
    return tuple(names[day] for day in range(7))


def weekday_name(weekday: int, width: Width = "wide") -> str:
    """The name of a weekday, 0 = Monday; `width` is wide, abbreviated, short or narrow."""
    return _weekdays(_reader.get().locale, width)[weekday]


FILTERS = {
    "date": format_date,
    "time": format_time,
    "clock": format_clock,
    "moment": format_moment,
    "ago": format_ago,
    "duration": format_duration,
    "number": format_number,
    "score": format_score,
    "percent": format_percent,
    "list_of": format_list,
    "first_name": first_name,
}
