"""A program with as many people as wanted, written in a few statements: for pages, not for matching."""

import json
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.models.base import Json
from tests.factories.cast import Cast

MENTORS_OF_HUNDRED = 23
STATEMENTS = Path(__file__).with_suffix(".sql").read_text().split(";\n\n")


def fill(session: Session, cast: Cast, people: int, runs: tuple[UUID, UUID], explanation: Json) -> None:
    """Adds so many people to the cast's program: pairs, open offers of the first run, a draft in the second."""
    published, draft = runs
    values = {
        "n": people, "m": people * (100 - MENTORS_OF_HUNDRED) // 100, "program": cast.program.id,
        "cycle": cast.cycle.id, "published": published, "draft": draft, "explanation": json.dumps(explanation),
    }  # fmt: skip
    for written in STATEMENTS:
        statement = text(written)
        session.execute(statement, {name: values[name] for name in statement.compile().params})


def mentor_key(number: int) -> UUID:
    """The participant of that number."""
    return UUID(f"bbbb0000-0000-4000-8000-{number:012x}")
