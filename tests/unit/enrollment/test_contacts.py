"""Names and ways to reach somebody are noticed in free text, in the writings people use, and nothing else is."""

import pytest

from services.api.enrollment.contact_details import notices
from services.api.enrollment.schemas import Want
from shared.contacts import ContactKind, find_contacts, without_contacts

TELLING = {
    "Write to jane.doe+mentor@med.school.edu please": ("Write to ••• please", {ContactKind.EMAIL}),
    "jane (at) school (dot) edu": ("•••", {ContactKind.EMAIL}),
    "jane [at] school.edu works too": ("••• works too", {ContactKind.EMAIL}),
    "call (612) 555-0134 after six": ("call ••• after six", {ContactKind.PHONE}),
    "612.555.0134, or +44 20 7946 0958": ("•••, or •••", {ContactKind.PHONE}),
    "Mi número es +52 1 55 1234 5678": ("Mi número es •••", {ContactKind.PHONE}),
    "see https://example.org/me?x=1 for more": ("see ••• for more", {ContactKind.WEB}),
    "www.example.org": ("•••", {ContactKind.WEB}),
    "I am @janedoe_md there": ("I am ••• there", {ContactKind.HANDLE}),
    "Dr. Adams taught me": ("Dr. Adams taught me", {ContactKind.NAME}),
    "la Dra. García me ayudó": ("la Dra. García me ayudó", {ContactKind.NAME}),
    "Professeur Marie Lefèvre": ("Professeur Marie Lefèvre", {ContactKind.NAME}),
}
HARMLESS = [
    "PGY-2 since 2019-2021, Step 2 at 254, 100 000 people in 12 counties",
    "Call at 08:00-17:00 on 2026-11-22 18:30, 24/7 else",
    "MD/PhD, OB-GYN, 1:1 meetings @ home, p < 0.0001",
    "A doctor in the ED, sure of nothing. May I ask?",
    "3.14159265358979 is a number, 10.1000/xyz123 a paper",
    "",
]


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_who_or_where_somebody_is_gets_noticed_and_hidden(text: str) -> None:
    hidden, kinds = TELLING[text]
    assert {contact.kind for contact in find_contacts(text)} == kinds
    assert without_contacts(text) == hidden


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_years_and_abbreviations_are_left_alone(text: str) -> None:
    assert find_contacts(text, "Jane Doe") == []
    assert without_contacts(text) == text


def test_writers_are_told_of_their_own_name_as_they_write_it() -> None:
    assert [c.text for c in find_contacts("I am Jane, and jane of all trades", "Jane Doe")] == ["Jane"]


def want(**texts: str) -> Want:
    return Want(**texts)


def test_each_text_gets_its_own_notice_that_quotes_what_was_found() -> None:
    told = notices(want(wish="call 612 555 0134", goals="Be like Dr. Adams", interests="goats"), "Jane Doe")
    assert told.keys() == {"wish", "goals"}
    assert "“612 555 0134”" in told["wish"]
    assert "hidden until you are matched" in told["wish"]
    assert "“Dr. Adams”" in told["goals"]
    assert "hidden until" not in told["goals"]


def test_nobody_is_told_twice_of_what_they_keep_or_did_not_change() -> None:
    before = want(wish="call 612 555 0134", goals="see www.example.org")
    assert notices(before, "Jane Doe", before=before) == {}
    assert notices(before, "Jane Doe", kept={"wish", "goals"}) == {}
    changed = want(wish="call 612 555 9999", goals="see www.example.org")
    assert notices(changed, "Jane Doe", before=before).keys() == {"wish"}
