"""Registrations under way: started, saved step by step, found again. All answers rest sealed, bound to their row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.api.enrollment import queries
from services.api.enrollment.schemas import Answers
from shared.db.engine import ReadSession, WriteSession
from shared.models.enrollment import Registration
from shared.security.keyring import Keyring
from shared.security.tokens import hash_token, new_token

LIFETIME = timedelta(days=30)
LAST_STEP = 6


@dataclass(frozen=True)
class Started:
    """`token` is what the browser carries; we keep its hash."""

    registration: Registration
    token: str


def start(session: WriteSession, keyring: Keyring, cycle_id: UUID, answers: Answers, now: datetime) -> Started:
    token = new_token()
    draft = Registration(
        id=uuid4(), token_hash=hash_token(token), cycle_id=cycle_id, step=1, state="draft", expires_at=now + LIFETIME
    )
    write_answers(draft, keyring, answers)
    session.add(draft)
    return Started(draft, token)


def find(session: ReadSession, token: str, now: datetime) -> Registration | None:
    """The unfinished registration that this token stands for."""
    return queries.find_registration(session, hash_token(token), now) if token else None


def read_answers(draft: Registration, keyring: Keyring) -> Answers:
    return Answers.model_validate_json(keyring.open(draft.sealed_answers, _place(draft)))


def write_answers(draft: Registration, keyring: Keyring, answers: Answers) -> None:
    draft.sealed_answers = keyring.seal(answers.model_dump_json().encode(), _place(draft))
    draft.email = answers.who.email if answers.who else ""


def save_step(draft: Registration, keyring: Keyring, answers: Answers, number: int) -> None:
    """Keep what was answered so far; a change after submitting asks for confirmation anew."""
    write_answers(draft, keyring, answers)
    draft.step = max(draft.step, min(number + 1, LAST_STEP))
    draft.state = "draft"


def save_refused(draft: Registration, keyring: Keyring, answers: Answers) -> None:
    """Keep what was refused beside what was answered; it, too, is a change that asks for confirmation anew."""
    write_answers(draft, keyring, answers)
    draft.state = "draft"


def hand_over(draft: Registration) -> str:
    """A new token for the registration, for another device; the one before is worthless then."""
    token = new_token()
    draft.token_hash = hash_token(token)
    return token


def _place(draft: Registration) -> str:
    return f"registration:{draft.id}"
