"""Which column is which: forgiving names, with the aliases that people's spreadsheets use."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.matcher.tables.problems import Findings

COMMON: dict[str, tuple[str, ...]] = {
    "id": ("participant_id", "person_id", "email", "e_mail", "email_address", "code"),
    "account": ("account_id", "person"),
    "stage": ("career_stage", "level", "training_level", "year_of_training", "training_year", "year", "pgy"),
    "specialties": ("specialty", "speciality", "specialities", "field", "fields", "specialty_interest"),
    "hours": ("availability", "available", "free_hours", "times", "when"),
    "time_zone": ("timezone", "tz"),
    "institution": ("site", "school", "hospital", "university", "program_site", "organization"),
    "state": ("region", "us_state", "province"),
    "languages": ("language", "spoken_languages"),
    "meeting_mode": ("meeting", "mode", "meeting_preference"),
    "working_style": ("style", "mentoring_style"),
    "meetings_per_month": ("frequency", "meeting_frequency"),
    "experiences": ("shared_experiences", "shared_experience", "identities", "dimensions", "tokens"),
    "ties": ("regions", "regional_ties", "ties_to"),
    "forbidden": ("not_with", "exclude", "excluded", "conflicts", "blocked"),
    "trained": ("training_done", "training"),
    "pledged": ("pledge_signed", "pledge"),
}
MENTEE: dict[str, tuple[str, ...]] = COMMON | {
    "id": ("mentee_id", "mentee", "trainee_id", *COMMON["id"]),
    "mentors_wanted": ("wanted", "wants", "slots", "slots_wanted", "number_of_mentors"),
    "kinds": ("kind", "kind_wanted", "kinds_wanted", "mentor_type", "track"),
    "site_preference": ("same_site", "site_wish", "institution_preference"),
    "different_perspective": ("different_perspectives", "wants_difference"),
    "pinned": ("pin", "must", "assigned_mentor"),
    "tier": ("priority", "priority_tier"),
}
MENTOR: dict[str, tuple[str, ...]] = COMMON | {
    "id": ("mentor_id", "mentor", *COMMON["id"]),
    "max_mentees": ("capacity", "mentees_max", "maximum_mentees", "max", "slots", "mentee_slots", "mentees"),
    "min_mentees": ("minimum_mentees", "mentees_min", "min"),
    "hours_per_month": ("monthly_hours", "bandwidth", "bandwidth_hours"),
    "promised": ("current_mentees", "active", "active_mentees"),
    "kinds": ("kind", "kinds_offered", "mentor_type"),
    "evaluates": ("evaluator_of", "grades"),
}
TEXTS = frozenset({
    "text", "wish", "wishes", "goal", "goals", "interest", "interests", "offer", "offers", "expertise", "statement",
    "bio", "about", "about_me", "looking_for", "what_i_want", "what_i_offer", "comments", "comment", "motivation",
    "experience", "background", "hobbies",
})
ASIDES = frozenset({"interest", "interests", "hobbies"})
_NUMBERED = re.compile(r"_?\d+$")


@dataclass(frozen=True)
class Columns:
    """Where each known thing stands, by position in the header; `texts` and `ignored` by position too.

    `asides` are those texts that tell what else somebody cares about.
    """

    header: tuple[str, ...]
    known: dict[str, tuple[int, ...]]
    texts: tuple[int, ...]
    ignored: tuple[int, ...]
    asides: frozenset[int] = frozenset()

    def name(self, field: str) -> str:
        """The header's own word for a field, for messages."""
        at = self.known.get(field)
        return self.header[at[0]] if at else field


def recognize(header: Sequence[str], aliases: dict[str, tuple[str, ...]], findings: Findings) -> Columns:
    """Find the known columns of a header.

    `specialties`, `experiences` and texts may stand in several columns (a number at the end is ignored). Raises
    TableError if there is no id column or a column is there twice.
    """
    field_of = {alias: field for field, names in reversed(aliases.items()) for alias in reversed((field, *names))}
    known: dict[str, list[int]] = {}
    texts, ignored = [], []
    for at, name in enumerate(header):
        key = normalized(name)
        field = field_of.get(key) or field_of.get(_NUMBERED.sub("", key))
        if field is not None:
            known.setdefault(field, []).append(at)
        elif _NUMBERED.sub("", key) in TEXTS or key.startswith("text"):
            texts.append(at)
        elif key:
            ignored.append(at)
    _keep_one_id(header, known, ignored, aliases["id"])
    _check(header, known, findings)
    asides = frozenset(at for at in texts if _NUMBERED.sub("", normalized(header[at])) in ASIDES)
    return Columns(tuple(header), {f: tuple(at) for f, at in known.items()}, tuple(texts), tuple(ignored), asides)


def normalized(name: str) -> str:
    """A header in lower case with underscores: "Max. mentees" → "max_mentees"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _keep_one_id(
    header: Sequence[str], known: dict[str, list[int]], ignored: list[int], aliases: Sequence[str]
) -> None:
    """Of several columns that could hold the id the likeliest counts, wherever it stands: `id` before an e-mail."""
    order = ("id", *aliases)
    places = sorted(known.get("id", ()), key=lambda at: order.index(_NUMBERED.sub("", normalized(header[at]))))
    if places:
        known["id"] = places[:1]
        ignored.extend(places[1:])
        ignored.sort()


def _check(header: Sequence[str], known: dict[str, list[int]], findings: Findings) -> None:
    if "id" not in known:
        reason = f"no column holds an id (found: {', '.join(header)})"
        if len(header) == 1:
            reason += "; only one column was found: is the file separated by commas, semicolons or tabs?"
        raise findings.stop(1, "", reason)
    for field, places in known.items():
        if len(places) > 1 and field not in {"specialties", "experiences"}:
            named = ", ".join(header[at] for at in places)
            findings.add(1, header[places[1]], f"says the same as another column ({named}); keep one of them")
            del places[1:]
