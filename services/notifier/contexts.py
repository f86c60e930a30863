"""What a mail says: ids become names, links and reasons, at the moment it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.notifier import queries
from services.notifier.invites import Attendee, Invite
from services.notifier.messages import NECESSARY, Template
from shared.clock import Clock
from shared.db.engine import ReadSession
from shared.models.notification import Mail
from shared.security.answer_links import OfferKind, answer_link
from shared.security.challenges import challenge_link, open_challenge
from shared.security.unsubscribe_links import unsubscribe_link
from shared.settings import Settings


class NothingToSayError(Exception):
    """The mail has lost its subject: an account closed, a secret expired, an offer gone."""


@dataclass(frozen=True)
class Letter:
    """Whom a mail is for and what its templates need."""

    name: str
    email: str
    language: str
    context: dict[str, Any]
    invite: Invite | None = None


@dataclass(frozen=True)
class Desk:
    """What writing one letter needs at hand."""

    session: ReadSession
    mail: Mail
    settings: Settings
    clock: Clock

    def view(self, view: str, key: Any) -> Mapping[str, Any]:
        row = queries.read_view(self.session, view, UUID(str(key)))
        if row is None:
            raise NothingToSayError(f"{view} {key} is gone")
        return row

    def link(self, path: str) -> str:
        return f"{self.settings.public_url.rstrip('/')}{path}"


def letter_of(session: ReadSession, mail: Mail, settings: Settings, clock: Clock) -> Letter:
    """Everything a mail says. Raises NothingToSayError."""
    desk = Desk(session, mail, settings, clock)
    if mail.template in NECESSARY:
        return _challenge(desk)
    account = desk.view("account_contact", mail.recipient_id)
    letter = Letter(account["name"], account["email"], account["language"], {"you": account["name"]})
    return _about(desk, _with(letter, _everywhere(desk, account)))


def _with(letter: Letter, more: Mapping[str, Any]) -> Letter:
    return replace(letter, context={**letter.context, **more})


def _everywhere(desk: Desk, account: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "home_link": desk.link("/home"),
        "settings_link": desk.link("/settings"),
        "unsubscribe_link": unsubscribe_link(desk.settings, desk.mail.recipient_id, desk.mail.template),
        "zone": account["time_zone"],
        "demo": desk.settings.demo,
    }


def _about(desk: Desk, letter: Letter) -> Letter:
    about = desk.mail.subject_ids
    match Template(desk.mail.template):
        case Template.WELCOME_MENTEE | Template.WELCOME_MENTOR:
            return _with(letter, {"participant": dict(desk.view("participant_contact", about["participant"]))})
        case Template.MEETING_SCHEDULED | Template.MEETING_CANCELED:
            return _meeting(desk, letter)
        case Template.ACCEPTED_TO_MENTEE | Template.ACCEPTED_TO_MENTOR:
            card = desk.view("mentorship_card", about["mentorship"])
            link = desk.link(f"/mentorships/{card['mentorship_id']}")
            return _with(letter, {**_pair(desk, card), "mentorship_link": link})
        case _:
            return _with(letter, _offer(desk))


def _challenge(desk: Desk) -> Letter:
    row = desk.view("challenge_mail", desk.mail.recipient_id)
    if row["sealed"] is None or row["used_at"] or row["expires_at"] <= desk.clock.now():
        raise NothingToSayError("the log-in link has been used or has expired")
    secret = open_challenge(desk.settings, row["challenge_id"], row["sealed"])
    minutes = max(1, round((row["expires_at"] - desk.clock.now()).total_seconds() / 60))
    context = {
        "link": challenge_link(desk.settings, secret.token),
        "code": secret.code,
        "minutes": minutes,
        "demo": desk.settings.demo,
    }
    return Letter("", row["email"], row["language"], context)


def _pair(desk: Desk, card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mentee": dict(desk.view("participant_contact", card["mentee_id"])),
        "mentor": dict(desk.view("participant_contact", card["mentor_id"])),
        "kind": card["kind"],
    }


def _offer(desk: Desk) -> dict[str, Any]:
    kind = OfferKind.PROPOSAL if "proposal" in desk.mail.subject_ids else OfferKind.REQUEST
    card = desk.view(f"{kind}_card", desk.mail.subject_ids[kind])
    return {
        **_pair(desk, card),
        "offer": dict(card),
        "answer_link": answer_link(desk.settings, kind, card[f"{kind}_id"], card["respond_by"]),
        "respond_by": card["respond_by"],
        "message": card.get("message", ""),
        "explanation": card["explanation"],
    }


def _meeting(desk: Desk, letter: Letter) -> Letter:
    meeting = desk.view("meeting_card", desk.mail.subject_ids["meeting"])
    pair = _pair(desk, desk.view("mentorship_card", meeting["mentorship_id"]))
    is_mentee = pair["mentee"]["account_id"] == desk.mail.recipient_id
    partner = pair["mentor"] if is_mentee else pair["mentee"]
    link = desk.link(f"/mentorships/{meeting['mentorship_id']}")
    context = {**pair, "meeting": dict(meeting), "partner": partner, "mentorship_link": link}
    return replace(_with(letter, context), invite=_invite(desk, meeting, pair, letter))


def _invite(desk: Desk, meeting: Mapping[str, Any], pair: dict[str, Any], letter: Letter) -> Invite:
    both = tuple(Attendee(pair[side]["name"], pair[side]["email"]) for side in ("mentee", "mentor"))
    arranged_by_mentor = meeting["arranged_by"] == pair["mentor"]["account_id"]
    return Invite(
        meeting_id=meeting["meeting_id"],
        starts_at=meeting["starts_at"],
        minutes=meeting["minutes"],
        zone=letter.context["zone"],
        summary=f"{pair['mentee']['name']} · {pair['mentor']['name']}: {pair['mentee']['program']}",
        description=desk.link(f"/mentorships/{meeting['mentorship_id']}"),
        place=meeting["place"],
        sequence=meeting["sequence"],
        canceled=desk.mail.template == Template.MEETING_CANCELED,
        organizer=both[1] if arranged_by_mentor else both[0],
        attendees=both,
        stamped_at=desk.clock.now(),
    )
