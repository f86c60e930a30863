"""What two people share of who they are: only the exact answers that both chose to show."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from services.api.enrollment.choices import answer_label
from services.api.matching.queries import shown_answers
from shared.db.engine import ReadSession
from shared.security.identity import open_answer
from shared.security.keyring import Keyring


def shared_and_shown(
    session: ReadSession, keyring: Keyring, person: UUID, others: Collection[UUID]
) -> dict[UUID, tuple[str, ...]]:
    """For each of the others the answers that they and `person` both show, in the reader's words and their order.

    The caller's policy has already allowed `person` to see the cards of `others`.
    """
    shown = _open_shown(session, keyring, {person, *others})
    mine = shown[person]
    return {other: tuple(sorted(answer_label(answer) for _, answer in mine & shown[other])) for other in others}


def _open_shown(
    session: ReadSession, keyring: Keyring, participants: Collection[UUID]
) -> defaultdict[UUID, frozenset[tuple[UUID, str]]]:
    found = defaultdict[UUID, frozenset[tuple[UUID, str]]](frozenset)
    for row in shown_answers(session, participants):
        answer = open_answer(keyring, row.id, row.sealed)
        found[row.participant_id] |= {(row.dimension_id, answer)}
    return found
