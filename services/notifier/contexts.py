"""What a mail says: ids become names, links and reasons, at the moment it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from services.notifier import queries
from services.notifier.invites import Attendee, Invite
from services.notifier.messages import NECESSARY, Template
from services.notifier.rendering import spoken
from shared.clock import Clock
from shared.db.engine import ReadSession
from shared.explanations.reasons import Explanation
from shared.explanations.words import Reader, Voice
from shared.models.base import Json
from shared.models.matching import OfferState
from shared.models.mentorships import MeetingState, MentorshipState
from shared.models.notification import Mail
from shared.security.answer_links import OfferKind, answer_link
from shared.security.challenges import challenge_link, open_challenge
from shared.security.keyring import KeyringError
from shared.security.unsubscribe_links import unsubscribe_link
from shared.settings import Settings
from shared.vocabulary.labels import label_in

MOST_REASONS = 4
OFFERED = {
    Template.PROPOSAL_TO_MENTOR: OfferState.OPEN,
    Template.PROPOSAL_TO_MENTEE: OfferState.OPEN,
    Template.REQUEST_TO_MENTOR: OfferState.OPEN,
    Template.DECLINED_TO_MENTEE: OfferState.DECLINED,
}
TO_MENTOR = frozenset({Template.PROPOSAL_TO_MENTOR, Template.REQUEST_TO_MENTOR})


class NothingToSayError(Exception):
    """The mail has lost its subject: an account closed, a secret expired, an offer answered already."""


@dataclass(frozen=True)
class Letter:
    """Whom a mail is for and what its templates need; an answer to it goes to `reply_to`."""

    name: str
    email: str
    language: str
    context: dict[str, Any]
    reply_to: Attendee | None = None
    invite: Invite | None = None


@dataclass(frozen=True)
class Desk:
    """What writing one letter needs at hand."""

    session: ReadSession
    mail: Mail
    settings: Settings
    clock: Clock

    @property
    def template(self) -> Template:
        return Template(self.mail.template)

    @property
    def site(self) -> str:
        return self.settings.public_url.rstrip("/")

    def view(self, view: str, key: Any) -> Json:
        row = queries.read_view(self.session, view, UUID(str(key)))
        if row is None:
            raise NothingToSayError(f"{view} {key} is gone")
        return row


def letter_of(session: ReadSession, mail: Mail, settings: Settings, clock: Clock) -> Letter:
    """Everything a mail says. Raises NothingToSayError."""
    desk = Desk(session, mail, settings, clock)
    if desk.template in NECESSARY:
        return _challenge(desk)
    account = desk.view("account_contact", mail.recipient_id)
    context = {
        "you": account["name"],
        "zone": account["time_zone"],
        "site": desk.site,
        "unsubscribe_link": unsubscribe_link(settings, mail.recipient_id, mail.template),
        "demo": settings.demo,
    }
    return _about(desk, Letter(account["name"], account["email"], spoken(account["language"]), context))


def _about(desk: Desk, letter: Letter) -> Letter:
    match desk.template:
        case Template.WELCOME_MENTEE | Template.WELCOME_MENTOR:
            participant = desk.view("participant_contact", desk.mail.subject_ids["participant"])
            return _with(letter, {"participant": participant})
        case Template.MEETING_SCHEDULED | Template.MEETING_CANCELED:
            return _meeting(desk, letter)
        case Template.ACCEPTED_TO_MENTEE | Template.ACCEPTED_TO_MENTOR:
            return _acceptance(desk, letter)
        case Template.CLOSED_TO_MENTEE | Template.CLOSED_TO_MENTOR:
            return _with(letter, _closure(desk))
        case Template.SURVEY | Template.SURVEY_REMINDER:
            return _with(letter, _survey(desk))
        case _:
            return _with(letter, _offer(desk, letter))


def _with(letter: Letter, more: Mapping[str, Any]) -> Letter:
    return replace(letter, context={**letter.context, **more})


def _challenge(desk: Desk) -> Letter:
    row = desk.view("challenge_mail", desk.mail.recipient_id)
    left = row["expires_at"] - desk.clock.now()
    if row["sealed"] is None or row["used_at"] or left.total_seconds() <= 0:
        raise NothingToSayError("the log-in link has been used or has expired")
    try:
        secret = open_challenge(desk.settings, row["challenge_id"], row["sealed"])
    except KeyringError as error:
        raise NothingToSayError("the log-in link was sealed with another secret key") from error
    context = {
        "link": challenge_link(desk.settings, secret.token),
        "code": secret.code,
        "minutes": max(1, round(left.total_seconds() / 60)),
        "demo": desk.settings.demo,
    }
    return Letter("", row["email"], spoken(row["language"]), context)


def _pair(desk: Desk, card: Mapping[str, Any]) -> dict[str, Json]:
    return {side: desk.view("participant_contact", card[f"{side}_id"]) for side in ("mentee", "mentor")}


def _without_contact(person: Json) -> Json:
    """Until the mentor accepts, no template can say how to reach the other person."""
    return {name: value for name, value in person.items() if name != "email"}


def _offer(desk: Desk, letter: Letter) -> dict[str, Any]:
    kind = OfferKind.PROPOSAL if "proposal" in desk.mail.subject_ids else OfferKind.REQUEST
    card = desk.view(f"{kind}_card", desk.mail.subject_ids[kind])
    if card["state"] != OFFERED[desk.template]:
        raise NothingToSayError(f"the {kind} is {card['state']} by now")
    return {
        **{side: _without_contact(person) for side, person in _pair(desk, card).items()},
        **(_answer_links(desk, kind, card) if desk.template in TO_MENTOR else {}),
        "respond_by": card["respond_by"],
        "message": card.get("message", ""),
        "reasons": _reasons(desk, letter.language, card["explanation"]),
    }


def _answer_links(desk: Desk, kind: OfferKind, card: Mapping[str, Any]) -> dict[str, str]:
    link = answer_link(desk.settings, kind, card[f"{kind}_id"], card["respond_by"])
    return {"answer_link": link, "decline_link": f"{link}&choice=decline"}


def _reasons(desk: Desk, language: str, explanation: Json) -> list[str]:
    """Nothing for a pair without an explanation. What both share is left out: a mail box is not a private place."""
    if not explanation:
        return []
    reader = Reader.MENTOR if desk.template in TO_MENTOR else Reader.MENTEE
    voice = Voice(reader, language, translate=partial(label_in, language))
    return voice.say_all(Explanation.model_validate(explanation).reasons)[:MOST_REASONS]


def _acceptance(desk: Desk, letter: Letter) -> Letter:
    card = desk.view("mentorship_card", desk.mail.subject_ids["mentorship"])
    pair = _pair(desk, card)
    partner = _partner(desk, pair)
    written = _with(letter, {**pair, "mentorship_link": _mentorship_link(desk, card)})
    return replace(written, reply_to=Attendee(partner["name"], partner["email"]))


def _closure(desk: Desk) -> dict[str, Any]:
    """Neither a reason nor how to reach the other: what was said in parting stays with who said it."""
    card = desk.view("mentorship_card", desk.mail.subject_ids["mentorship"])
    if card["state"] == MentorshipState.ACTIVE:
        raise NothingToSayError("the mentorship goes on")
    pair = {side: _without_contact(person) for side, person in _pair(desk, card).items()}
    return {**pair, "completed": card["state"] == MentorshipState.COMPLETED}


def _survey(desk: Desk) -> dict[str, Any]:
    card = desk.view("survey_card", desk.mail.subject_ids["survey"])
    if card["answered"] or card["state"] != MentorshipState.ACTIVE:
        raise NothingToSayError("the survey has its answer, or the mentorship has ended")
    partner = _without_contact(_partner(desk, _pair(desk, card)))
    return {"partner": partner, "survey_link": f"{_mentorship_link(desk, card)}#survey"}


def _meeting(desk: Desk, letter: Letter) -> Letter:
    meeting = desk.view("meeting_card", desk.mail.subject_ids["meeting"])
    state = MeetingState.SCHEDULED if desk.template is Template.MEETING_SCHEDULED else MeetingState.CANCELED
    if meeting["state"] != state or meeting["sequence"] != desk.mail.subject_ids["sequence"]:
        raise NothingToSayError("the meeting has changed since")
    pair = _pair(desk, desk.view("mentorship_card", meeting["mentorship_id"]))
    partner = _partner(desk, pair)
    written = _with(letter, {
        **{name: meeting[name] for name in ("starts_at", "minutes", "place")},
        "partner": partner,
        "mentorship_link": _mentorship_link(desk, meeting),
    })  # fmt: skip
    invite = _invite(desk, meeting, pair, letter)
    return replace(written, reply_to=Attendee(partner["name"], partner["email"]), invite=invite)


def _partner(desk: Desk, pair: Mapping[str, Json]) -> Json:
    is_mentee = pair["mentee"]["account_id"] == desk.mail.recipient_id
    return pair["mentor" if is_mentee else "mentee"]


def _mentorship_link(desk: Desk, card: Mapping[str, Any]) -> str:
    return f"{desk.site}/mentorships/{card['mentorship_id']}"


def _invite(desk: Desk, meeting: Mapping[str, Any], pair: Mapping[str, Json], letter: Letter) -> Invite:
    mentee, mentor = pair["mentee"], pair["mentor"]
    return Invite(
        meeting_id=meeting["meeting_id"],
        starts_at=meeting["starts_at"],
        minutes=meeting["minutes"],
        zone=letter.context["zone"],
        summary=f"{mentee['name']} · {mentor['name']}: {mentee['program']}",
        description=_mentorship_link(desk, meeting),
        place=meeting["place"],
        sequence=meeting["sequence"],
        canceled=desk.template is Template.MEETING_CANCELED,
        organizer=Attendee.parse(desk.settings.mail_from),
        attendees=tuple(
            Attendee(person["name"], person["email"], came_up_with_it=person["account_id"] == meeting["arranged_by"])
            for person in (mentee, mentor)
        ),
        stamped_at=desk.clock.now(),
    )
