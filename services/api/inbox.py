"""What the API does when it hears of something: one table, each handler from the slice it belongs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from services.api.accounts import service as accounts
from services.api.drawing_ahead import draw_ahead
from services.api.enrollment import service as enrollment
from services.api.learning import service as learning
from services.api.learning.comments import service as comments
from services.api.matching.equity import service as equity
from services.api.matching.offers import service as offers
from services.api.matching.runs import service as runs
from services.api.mentorships import surveys
from services.api.services import Services
from shared.contracts.messages import (
    HourPassed,
    MatchRunDrafted,
    MatchRunFailed,
    Message,
    OutcomeModelFailed,
    OutcomeModelReady,
    WhatIfAnswered,
)
from shared.db.actor import SYSTEM
from shared.db.engine import WriteSession
from shared.outbox.inbox import Delivery, Inbox

log = structlog.get_logger()
Effect = Callable[[WriteSession, Services, Any], object]

EFFECTS: tuple[tuple[type[Message], Effect], ...] = (
    (MatchRunDrafted, lambda session, _services, drafted: runs.note_drafted(session, drafted)),
    (MatchRunDrafted, equity.note_drafted),
    (MatchRunDrafted, draw_ahead),
    (MatchRunFailed, lambda session, _services, failed: runs.note_failed(session, failed)),
    (WhatIfAnswered, lambda session, _services, answered: runs.note_answered(session, answered)),
    (OutcomeModelReady, lambda session, _services, ready: learning.note_ready(session, ready)),
    (OutcomeModelFailed, lambda session, _services, failed: learning.note_failed(session, failed)),
)

Chore = Callable[[WriteSession, Services], object]

# What is overdue each hour. Each finds what an earlier hour has left, so that it may come late or twice.
CHORES: tuple[Chore, ...] = (
    lambda session, services: offers.expire_overdue(session, services.clock),
    lambda session, services: surveys.invite_to_surveys(session, services.clock.now()),
    lambda session, services: surveys.remind_of_surveys(session, services.clock.now()),
    lambda session, services: comments.tell_comments(session, services.clock.now()),
    lambda session, services: enrollment.forget_expired(session, services.clock.now()),
    lambda session, services: enrollment.purge_identity(session, services.clock.now()),
    lambda session, services: accounts.forget_expired(session, services.clock.now()),
)


class ChoresLeftError(Exception):
    """Some of the hour's chores failed; the log says how."""


def make_inbox(services: Services, chores: Sequence[Chore] = CHORES) -> Inbox:
    """Every handler of the API; several effects of one message share its transaction, the chores of an hour do not."""
    inbox = Inbox(services.database)
    effects: dict[type[Message], list[Effect]] = defaultdict(list)
    for kind, effect in EFFECTS:
        effects[kind].append(effect)
    for kind, of_kind in effects.items():
        inbox.on(kind, _all_of(of_kind, services))
    inbox.on_long(HourPassed, _keeping_house(chores, services))
    return inbox


def _all_of(effects: Iterable[Effect], services: Services) -> Callable[[WriteSession, Message], None]:
    def handle(session: WriteSession, message: Message) -> None:
        for effect in effects:
            effect(session, services, message)

    return handle


def _keeping_house(chores: Sequence[Chore], services: Services) -> Callable[[Delivery, HourPassed], None]:
    """Each chore in a transaction of its own: one that fails must not keep identity from being purged."""

    def handle(delivery: Delivery, _hour: HourPassed) -> None:
        done = [_is_done(delivery, chore, services) for chore in chores]
        if not all(done):
            raise ChoresLeftError(f"{done.count(False)} of {len(done)} chores of this hour failed")
        with delivery.database.writing(SYSTEM) as session:
            delivery.finish(session)

    return handle


def _is_done(delivery: Delivery, chore: Chore, services: Services) -> bool:
    try:
        with delivery.database.writing(SYSTEM) as session:
            chore(session, services)
    except OperationalError:
        raise  # the database went away: the message comes again
    except Exception:
        log.exception("chore failed")
        return False
    return True
