"""Every template says the same in each language, in text and HTML, with nothing missing and nothing unsafe."""

import re
from html import unescape

import pytest
from html5lib import HTMLParser
from jinja2 import UndefinedError, meta

from services.notifier.messages import Template
from services.notifier.rendering import FOLDER, LANGUAGES, environment, render
from tests.unit.notifier.samples import MENTEE, sample

EVERY = [(template, language) for template in Template for language in LANGUAGES]
LINK = re.compile(r"https://belay\.example\.org[^\s\"<]*")


def source_variables(template: Template, language: str, part: str) -> set[str]:
    source = (FOLDER / language / template / part).read_text()
    return meta.find_undeclared_variables(environment().parse(source))


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_html_is_well_formed_and_speaks_its_language(template: Template, language: str) -> None:
    html = render(template, language, sample(template)).html
    HTMLParser(strict=True).parse(html)
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_text_and_html_lead_to_the_same_places(template: Template, language: str) -> None:
    rendered = render(template, language, sample(template))
    assert set(LINK.findall(rendered.text)) == set(LINK.findall(unescape(rendered.html)))


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_the_one_action_stands_before_everything_else_that_can_be_clicked(template: Template, language: str) -> None:
    html = render(template, language, sample(template)).html
    assert "button-link" in html[html.index("<a ") : html.index("</a>")]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_subject_is_one_line_that_fits(template: Template, language: str) -> None:
    subject = render(template, language, sample(template)).subject
    assert subject
    assert "\n" not in subject
    assert len(subject) < 110


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_texts_of_people_cannot_become_markup(template: Template, language: str) -> None:
    html = render(template, language, sample(template)).html
    assert "<b>" not in html
    assert "<Mentor>" not in html


@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
@pytest.mark.parametrize("template", list(Template))
def test_languages_differ_in_words_only(template: Template, part: str) -> None:
    english = source_variables(template, "en", part)
    assert all(source_variables(template, language, part) == english for language in LANGUAGES)
    texts = {(FOLDER / language / template / part).read_text() for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES)


def test_there_is_a_folder_for_each_template_and_no_other() -> None:
    for language in LANGUAGES:
        assert {path.name for path in (FOLDER / language).iterdir() if path.is_dir()} == set(Template)


def test_a_missing_value_is_an_error_rather_than_a_gap() -> None:
    context = sample(Template.WELCOME_MENTEE)
    del context["you"]
    with pytest.raises(UndefinedError):
        render(Template.WELCOME_MENTEE, "en", context)


def test_whoever_reads_another_language_reads_english() -> None:
    rendered = render(Template.WELCOME_MENTEE, "tl", sample(Template.WELCOME_MENTEE))
    assert rendered.subject == "Welcome to Climb Together"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday, March 10, 2026, 5:30 PM CDT"),
        ("es", "martes, 10 de marzo de 2026, 17:30 CDT"),
        ("fr", "mardi 10 mars 2026, 17:30 CDT"),
    ],
)
def test_times_are_told_in_the_zone_and_language_of_the_reader(language: str, said: str) -> None:
    assert said in render(Template.MEETING_SCHEDULED, language, sample(Template.MEETING_SCHEDULED)).text


def test_a_deadline_falls_on_the_readers_day() -> None:
    # Three in the morning of March 10 in UTC is still March 9 in Chicago.
    rendered = render(Template.PROPOSAL_TO_MENTOR, "en", sample(Template.PROPOSAL_TO_MENTOR))
    assert "Monday, March 9, 2026" in rendered.text


def test_without_reasons_place_or_message_there_are_no_empty_headings() -> None:
    bare = render(Template.REQUEST_TO_MENTOR, "en", sample(Template.REQUEST_TO_MENTOR, reasons=[], message="")).text
    assert "Why you two" not in bare
    assert "They write" not in bare
    assert "Where" not in render(Template.MEETING_SCHEDULED, "en", sample(Template.MEETING_SCHEDULED, place="")).text


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_says_that_its_people_are_made_up(demo: bool) -> None:
    rendered = render(Template.WELCOME_MENTEE, "en", sample(Template.WELCOME_MENTEE, demo=demo))
    assert ("made up" in rendered.text) is demo
    assert ("made up" in rendered.html) is demo


def test_stages_are_named_in_the_language_of_the_reader() -> None:
    french = render(Template.PROPOSAL_TO_MENTOR, "fr", sample(Template.PROPOSAL_TO_MENTOR)).text
    assert f"{MENTEE['name']} : En médecine, 3e année (M3)" in french
