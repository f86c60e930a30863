"""What the API does when it hears of something: one table, each handler from the slice it belongs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

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
from shared.db.engine import WriteSession
from shared.outbox.inbox import Inbox

Effect = Callable[[WriteSession, Services, Any], object]

EFFECTS: tuple[tuple[type[Message], Effect], ...] = (
    (MatchRunDrafted, lambda session, _services, drafted: runs.note_drafted(session, drafted)),
    (MatchRunDrafted, equity.note_drafted),
    (MatchRunDrafted, draw_ahead),
    (MatchRunFailed, lambda session, _services, failed: runs.note_failed(session, failed)),
    (WhatIfAnswered, lambda session, _services, answered: runs.note_answered(session, answered)),
    (OutcomeModelReady, lambda session, _services, ready: learning.note_ready(session, ready)),
    (OutcomeModelFailed, lambda session, _services, failed: learning.note_failed(session, failed)),
    (HourPassed, lambda session, services, _hour: offers.expire_overdue(session, services.clock)),
    (HourPassed, lambda session, services, _hour: surveys.invite_to_surveys(session, services.clock.now())),
    (HourPassed, lambda session, services, _hour: surveys.remind_of_surveys(session, services.clock.now())),
    (HourPassed, lambda session, services, _hour: comments.tell_comments(session, services.clock.now())),
    (HourPassed, lambda session, services, _hour: enrollment.forget_expired(session, services.clock.now())),
    (HourPassed, lambda session, services, _hour: enrollment.purge_identity(session, services.clock.now())),
    (HourPassed, lambda session, services, _hour: accounts.forget_expired(session, services.clock.now())),
)


def make_inbox(services: Services) -> Inbox:
    """Every handler of the API; several effects of one message share its transaction."""
    inbox = Inbox(services.database)
    effects: dict[type[Message], list[Effect]] = defaultdict(list)
    for kind, effect in EFFECTS:
        effects[kind].append(effect)
    for kind, of_kind in effects.items():
        inbox.on(kind, _all_of(of_kind, services))
    return inbox


def _all_of(effects: Iterable[Effect], services: Services) -> Callable[[WriteSession, Message], None]:
    def handle(session: WriteSession, message: Message) -> None:
        for effect in effects:
            effect(session, services, message)

    return handle
