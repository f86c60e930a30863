"""Telling writers of contact details and names in their texts, before anybody else reads them."""

from collections.abc import Collection, Mapping
from typing import Any

from starlette.datastructures import FormData

from services.api.enrollment.schemas import LONGEST_TEXT, Want
from services.api.forms import FormErrors
from services.api.web.translations import gettext as _
from shared.contacts import Contact, ContactKind, find_contacts

TEXTS = ("wish", "goals", "offer", "expertise", "interests")
KEEP = "keep_"


def notices(want: Want, own_name: str, kept: Collection[str] = (), before: Want | None = None) -> FormErrors:
    """A sentence for each text that gives away a name or a way to reach somebody.

    Not for texts whose writer keeps them as they are (`kept`), nor for those that stayed as they were.
    """
    sentences = {}
    for field in TEXTS:
        text = getattr(want, field)
        found = find_contacts(text, own_name) if field not in kept else []
        if found and not (before and getattr(before, field) == text):
            sentences[field] = _sentence(found)
    return sentences


def notice_of(message: str) -> str:
    """What the writer of a message should know of it. Names may stand in it: only the other one reads it."""
    found = [contact for contact in find_contacts(message) if contact.kind is not ContactKind.NAME]
    return _sentence(found) if found else ""


def told_of(typed: Mapping[str, Any], errors: FormErrors, own_name: str) -> frozenset[str]:
    """The texts beside which a form offers to keep them as they are.

    One that is too long is refused for that, and looking through a whole book would take minutes.
    """
    texts = {field: str(typed.get(field) or "") for field in TEXTS if field in errors}
    return frozenset(f for f, text in texts.items() if len(text) <= LONGEST_TEXT and find_contacts(text, own_name))


def kept_in(form: FormData) -> frozenset[str]:
    """The texts whose writer has read the notice and checked the box."""
    return frozenset(field for field in TEXTS if f"{KEEP}{field}" in form)


def _sentence(found: list[Contact]) -> str:
    listed = ", ".join(f"“{contact.text}”" for contact in found)
    parts = [_("This gives away %(found)s.") % {"found": listed}]
    kinds = {contact.kind for contact in found}
    if kinds - {ContactKind.NAME}:
        parts.append(_("Ways to reach you stay hidden until you are matched."))
    if ContactKind.NAME in kinds:
        parts.append(_("Names can be read by everybody who sees this text."))
    return " ".join([*parts, _("Take it out, or check the box below to keep it as it is.")])
