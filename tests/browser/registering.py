"""The six steps of registration, as somebody with a mouse or a finger takes them."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import Person

INSTITUTION = "Morehouse School of Medicine"


def starts(person: Person, slug: str, wish: str = "I would like a mentor") -> None:
    person.goes_to(f"/programs/{slug}")
    person.clicks("Register")
    person.clicks(f"Start {wish}")
    is_at(person, 1)


def is_at(person: Person, number: int) -> None:
    expect(person.page).to_have_url(re.compile(rf"/register/step/{number}$"))


def says_who(person: Person, name: str, email: str, *, role: str = "I would like a mentor.", stage: str = "m3") -> None:
    person.chooses(role)
    person.fills("Your name", name)
    person.fills("E-mail address", email)
    person.page.get_by_label("Career stage").select_option(stage)
    person.clicks("Save and continue")
    is_at(person, 2)


def says_where(person: Person) -> None:
    field = person.page.get_by_role("combobox", name="Institution")
    field.fill(INSTITUTION[:6])
    person.page.get_by_role("option", name=INSTITUTION).click()
    person.clicks("Save and continue")
    is_at(person, 3)


def says_what(person: Person, words: str, question: str = "What would you like help with?") -> None:
    person.fills(question, words)
    person.page.get_by_label(re.compile("First choice")).select_option("emergency_medicine")
    person.clicks("Save and continue")
    is_at(person, 4)


def leaves_identity_closed(person: Person) -> None:
    person.clicks("Save and continue")
    is_at(person, 5)


def says_when(person: Person, mark: Callable[[Person], None] | None = None) -> None:
    (mark or evenings)(person)
    person.clicks("Save and continue")
    is_at(person, 6)


def evenings(person: Person) -> None:
    person.clicks("Weekday evenings")


def agrees(person: Person) -> None:
    person.chooses("I agree that my answers are used")
    person.clicks("Agree and join")
    expect(person.page).to_have_url(re.compile("/login/sent$"))
