"""Words, dates and numbers in the reader's language and zone."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pytest

from services.api.web import translations
from services.api.web.catalogs import TRANSLATED, collect_messages, read_catalog
from services.api.web.translations import reading_as

MOMENT = datetime(2027, 3, 3, 2, 30, tzinfo=UTC)


def test_a_moment_is_told_by_the_readers_clock() -> None:
    with reading_as("en", "America/Los_Angeles"):
        assert translations.format_date(MOMENT) == "Mar 2, 2027"
        assert translations.format_moment(MOMENT).replace("\u202f", " ") == "Mar 2, 2027, 6:30 PM PST"


def test_a_moment_names_its_time_zone_in_every_language() -> None:
    for locale, name in (("en", "PST"), ("es", "PST"), ("fr", "HNP")):
        with reading_as(locale, "America/Los_Angeles"):
            assert translations.format_moment(MOMENT).endswith(f" {name}")


@pytest.mark.parametrize(("name", "called"), [
    ("Dr. Ruth Adeyemi", "Ruth"), ("Prof Dr. Ana Sol", "Ana"), ("Kim", "Kim"), ("Dr.", "Dr."), ("Drew Hill", "Drew"),
])
def test_people_are_greeted_by_their_name_not_by_their_title(name: str, called: str) -> None:
    assert translations.first_name(name) == called


def test_a_day_and_a_bare_time_stay_as_they_are() -> None:
    with reading_as("en", "America/Los_Angeles"):
        assert translations.format_date(date(2027, 3, 3)) == "Mar 3, 2027"
        assert translations.format_time(time(18)).replace("\u202f", " ") == "6:00 PM"


@pytest.mark.parametrize(("locale", "percent", "hour", "monday"), [
    ("en", "61.5%", "6 PM", "Monday"), ("es", "61,5 %", "18:00", "lunes"), ("fr", "61,5 %", "18 h", "lundi"),
])
def test_numbers_and_days_follow_the_language(locale: str, percent: str, hour: str, monday: str) -> None:
    with reading_as(locale):
        assert re.sub(r"\s", " ", translations.format_percent(0.615, 1)) == percent
        assert translations.format_clock(18) == hour
        assert translations.weekday_name(0) == monday


def test_figures_of_one_column_have_one_form() -> None:
    assert [translations.format_score(value) for value in (0.7, 0.685, 1.0)] == ["0.700", "0.685", "1.000"]
    assert translations.format_number(1559, 2, fixed=True) == "1,559.00"
    assert translations.format_number(0.7, 3) == "0.7"


def test_words_are_translated_and_plurals_too() -> None:
    with reading_as("fr"):
        assert translations.gettext("Log in") == "Se connecter"
        many = translations.ngettext("One answer needs another look", "%(count)s answers need another look", 3)
        assert many == "%(count)s réponses sont à revoir"


def test_a_language_we_lack_falls_back_to_english() -> None:
    with reading_as("tlh"):
        assert translations.gettext("Log in") == "Log in"


def test_the_language_ends_with_the_page() -> None:
    with reading_as("fr"):
        pass
    assert translations.gettext("Log in") == "Log in"


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%%", text))


def forms(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_names_a_placeholder_the_source_lacks(locale: str) -> None:
    for message in read_catalog(locale):
        for text in filter(None, forms(message.string) if message.id else []):
            assert placeholders(text) <= placeholders(forms(message.id)[-1]), message.id


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_loses_a_placeholder(locale: str) -> None:
    for message in read_catalog(locale):
        last = forms(message.string)[-1] if message.id else ""
        if last:
            assert placeholders(last) == placeholders(forms(message.id)[-1]), message.id


PARTICIPANTS_SCREENS = re.compile(
    r"api/(landing|enrollment|bandwidth|mentorships|profiles)/|api/accounts/templates/(?!demo)"
    r"|api/matching/templates/(mentee|mentor|cards|ask|answer)\.html"
)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_screen_of_participants_is_translated(locale: str) -> None:
    catalog = read_catalog(locale)
    seen = [m for m in collect_messages() if m.id and any(PARTICIPANTS_SCREENS.search(f) for f, _ in m.locations)]
    assert len(seen) > 500
    assert [m.id for m in seen if not all(forms(getattr(catalog.get(m.id), "string", "")))] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_frame_of_every_page_is_translated(locale: str) -> None:
    catalog = read_catalog(locale)
    frame = [m for m in collect_messages() if m.id and any("web/templates/components" in f for f, _ in m.locations)]
    assert frame
    for message in frame:
        translated = catalog.get(message.id)
        assert translated is not None, message.id
        assert translated.string, message.id
