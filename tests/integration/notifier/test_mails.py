"""Who hears what: each fact becomes the right mails, in the right words, with nothing said too early."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from services.notifier.messages import NECESSARY, Template
from shared.contracts import messages as facts
from shared.db.actor import SYSTEM
from shared.models.accounts import Account, LoginChallenge
from shared.models.matching import MentoringRequest, Proposal
from shared.models.mentorships import Meeting, Mentorship, SurveyResponse
from shared.models.notification import MailState, Unsubscription
from shared.security.challenges import ChallengeSecret, seal_challenge
from tests.factories import rows
from tests.factories.cast import Cast
from tests.factories.matching import explanation
from tests.factories.meetings import make_meeting
from tests.integration.notifier.office import Office, part

SITE = "https://belay.example.org"


def make_challenge(office: Office, purpose: str = "login") -> UUID:
    challenge = LoginChallenge(
        id=uuid4(), email="robin@example.org", purpose=purpose, token_hash=b"t", code_hash=b"c",
        browser_hash=b"b", language="en", expires_at=office.clock.at + timedelta(minutes=8),
    )  # fmt: skip
    challenge.sealed = seal_challenge(office.settings, challenge.id, ChallengeSecret("the-token", "482913"))
    with office.as_owner.writing(SYSTEM) as session:
        session.add(challenge)
    return challenge.id


def make_proposal(office: Office, cast: Cast, **fields: object) -> Proposal:
    with office.as_owner.writing(SYSTEM) as session:
        run = rows.make_run(session, cast.cycle, cast.policy)
        mentee, mentor = cast.participants["mentee"], cast.participants["mentor"]
        return rows.make_proposal(session, run, mentee, mentor, explanation=explanation(), **fields)


def make_request(office: Office, cast: Cast, **fields: object) -> MentoringRequest:
    with office.as_owner.writing(SYSTEM) as session:
        mentee, mentor = cast.participants["mentee"], cast.participants["mentor"]
        return rows.make_request(session, mentee, mentor, explanation=explanation(), **fields)


def make_pair_meeting(office: Office, cast: Cast, **fields: object) -> Meeting:
    with office.as_owner.writing(SYSTEM) as session:
        return make_meeting(session, cast.mentorship, **fields)


@pytest.mark.parametrize("template", sorted(NECESSARY))
def test_a_log_in_mail_carries_link_and_code_and_the_secret_is_forgotten(office: Office, template: Template) -> None:
    challenge_id = make_challenge(office, template)
    office.tell(facts.LoginChallengeCreated(challenge_id=challenge_id))
    office.work()
    mail = office.sent()[challenge_id]
    for text in (part(mail, "plain"), part(mail, "html")):
        assert f"{SITE}/login/link/the-token" in text
        assert "482913" in text
    assert mail["To"] == "robin@example.org"
    assert mail["List-Unsubscribe"] is None
    with office.as_owner.reading(SYSTEM) as session:
        assert session.get_one(LoginChallenge, challenge_id).sealed is None


def test_an_expired_log_in_link_is_not_sent(office: Office) -> None:
    office.tell(facts.LoginChallengeCreated(challenge_id=make_challenge(office)))
    office.clock.at += timedelta(minutes=9)
    office.work()
    assert office.mail().state == MailState.UNWANTED
    assert not office.sent()


def test_an_address_that_nobody_knows_gets_no_mail(office: Office) -> None:
    """The api makes a challenge for it all the same, without a secret."""
    challenge_id = make_challenge(office)
    with office.as_owner.writing(SYSTEM) as session:
        session.get_one(LoginChallenge, challenge_id).sealed = None
    office.tell(facts.LoginChallengeCreated(challenge_id=challenge_id))
    office.work()
    assert office.mail().state == MailState.UNWANTED
    assert not office.sent()


@pytest.mark.parametrize(("role", "path"), [("mentee", "/mentee"), ("mentor", "/mentor/bandwidth")])
def test_whoever_registers_is_welcomed_and_led_to_the_next_step(
    office: Office, cast: Cast, role: str, path: str
) -> None:
    office.tell(facts.RegistrationConfirmed(participant_id=cast.participants[role].id))
    office.work()
    mail = office.sent()[cast.accounts[role].id]
    assert cast.program.name in mail["Subject"]
    assert f"{SITE}{path}\n" in part(mail, "plain")


def test_both_people_of_a_proposal_learn_who_and_why_but_not_how_to_reach_each_other(
    office: Office, cast: Cast
) -> None:
    office.tell(facts.ProposalPublished(proposal_id=make_proposal(office, cast).id))
    office.work()
    sent = office.sent()
    assert set(sent) == {cast.accounts["mentee"].id, cast.accounts["mentor"].id}
    for side, other in (("mentee", "mentor"), ("mentor", "mentee")):
        for subtype in ("plain", "html"):
            text = part(sent[cast.accounts[side].id], subtype)
            assert cast.accounts[other].name in text
            assert "Emergency medicine" in text
            assert cast.accounts[other].email not in text


def test_only_the_mentor_gets_links_that_answer(office: Office, cast: Cast) -> None:
    proposal = make_proposal(office, cast)
    office.tell(facts.ProposalPublished(proposal_id=proposal.id))
    office.work()
    sent = office.sent()
    link = f"{SITE}/answer/proposal/{proposal.id}?token="
    mentors = part(sent[cast.accounts["mentor"].id], "plain")
    assert mentors.count(link) == 2
    assert "&choice=decline" in mentors
    assert link not in part(sent[cast.accounts["mentee"].id], "plain")


def test_what_two_people_share_stays_out_of_mail_boxes(office: Office, cast: Cast) -> None:
    office.tell(facts.ProposalPublished(proposal_id=make_proposal(office, cast).id))
    office.work()
    for mail in office.sent().values():
        assert "You share" not in part(mail, "html")


def test_a_request_brings_what_the_mentee_wrote_safely(office: Office, cast: Cast) -> None:
    request = make_request(office, cast, message="Could we talk about <b>ultrasound</b>?")
    office.tell(facts.RequestMade(request_id=request.id))
    office.work()
    mail = office.sent()[cast.accounts["mentor"].id]
    assert "about <b>ultrasound</b>?" in part(mail, "plain")
    assert "about &lt;b&gt;ultrasound&lt;/b&gt;?" in part(mail, "html")
    assert f"{SITE}/answer/request/{request.id}?token=" in part(mail, "plain")


def test_an_offer_that_was_answered_in_the_meantime_is_not_mailed_any_more(office: Office, cast: Cast) -> None:
    office.tell(facts.ProposalPublished(proposal_id=make_proposal(office, cast, state="accepted").id))
    office.work()
    assert {mail.state for mail in office.mails()} == {MailState.UNWANTED}
    assert all("accepted by now" in (mail.last_error or "") for mail in office.mails())


@pytest.mark.parametrize("kind", ["proposal", "request"])
def test_an_acceptance_opens_the_addresses_to_both(office: Office, cast: Cast, kind: str) -> None:
    offer = make_proposal(office, cast) if kind == "proposal" else make_request(office, cast)
    accepted = {
        "proposal": facts.ProposalAccepted(proposal_id=offer.id, mentorship_id=cast.mentorship.id),
        "request": facts.RequestAccepted(request_id=offer.id, mentorship_id=cast.mentorship.id),
    }
    office.tell(accepted[kind])
    office.work()
    sent = office.sent()
    for side, other in (("mentee", "mentor"), ("mentor", "mentee")):
        mail = sent[cast.accounts[side].id]
        assert cast.accounts[other].email in part(mail, "plain")
        assert cast.accounts[other].email in mail["Reply-To"]
        assert f"{SITE}/mentorships/{cast.mentorship.id}" in part(mail, "html")


@pytest.mark.parametrize("kind", ["proposal", "request"])
def test_a_decline_is_told_to_the_mentee_alone_and_without_the_reason(office: Office, cast: Cast, kind: str) -> None:
    declined = {"state": "declined", "decline_reason": "not_a_fit"}
    if kind == "proposal":
        office.tell(facts.ProposalDeclined(proposal_id=make_proposal(office, cast, **declined).id))
    else:
        office.tell(facts.RequestDeclined(request_id=make_request(office, cast, **declined).id))
    office.work()
    ((recipient, mail),) = office.sent().items()
    assert recipient == cast.accounts["mentee"].id
    assert "your place" in part(mail, "plain")
    assert "fit" not in part(mail, "plain")


@pytest.mark.parametrize(("ended_by", "told"), [("mentor", "mentee"), ("mentee", "mentor")])
def test_a_parting_is_told_to_the_other_kindly_and_without_the_reason(
    office: Office, cast: Cast, ended_by: str, told: str
) -> None:
    closed = {"state": "closed", "closure_reason": "not_the_right_fit"}
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Mentorship).where(Mentorship.id == cast.mentorship.id).values(**closed))
    office.tell(facts.MentorshipClosed(mentorship_id=cast.mentorship.id, ended_by=cast.accounts[ended_by].id))
    office.work()
    ((recipient, mail),) = office.sent().items()
    text = part(mail, "plain")
    assert recipient == cast.accounts[told].id
    assert "says nothing about you" in text
    assert "match of" in text
    assert " fit" not in text
    assert cast.accounts[ended_by].email not in text


def test_a_mentorship_that_goes_on_is_not_mourned(office: Office, cast: Cast) -> None:
    office.tell(facts.MentorshipClosed(mentorship_id=cast.mentorship.id, ended_by=cast.accounts["mentor"].id))
    office.work()
    assert office.mail().state == MailState.UNWANTED


def make_survey(office: Office, cast: Cast, side: str, **fields: object) -> SurveyResponse:
    survey = SurveyResponse(program_id=cast.program.id, mentorship_id=cast.mentorship.id, side=side, **fields)
    with office.as_owner.writing(SYSTEM) as session:
        session.add(survey)
        session.flush()
    return survey


@pytest.mark.parametrize(("side", "other"), [("mentee", "mentor"), ("mentor", "mentee")])
def test_the_survey_is_asked_for_and_asked_for_again_by_one_mail_each(
    office: Office, cast: Cast, side: str, other: str
) -> None:
    survey = make_survey(office, cast, side)
    for fact in (facts.SurveyOpened(survey_id=survey.id), facts.SurveyLeftOpen(survey_id=survey.id)):
        office.tell(fact, fact)
        office.work()
    mails = office.mails()
    assert {(mail.template, mail.state) for mail in mails} == {("survey", "sent"), ("survey_reminder", "sent")}
    assert len(mails) == 2
    ((recipient, mail),) = office.sent().items()
    assert recipient == cast.accounts[side].id
    assert cast.accounts[other].name in mail["Subject"]
    assert mail["List-Unsubscribe"]
    for subtype in ("plain", "html"):
        assert f"{SITE}/mentorships/{cast.mentorship.id}#survey" in part(mail, subtype)
        assert cast.accounts[other].email not in part(mail, subtype)


def test_a_survey_that_has_its_answer_or_whose_pair_has_parted_is_not_asked_for(office: Office, cast: Cast) -> None:
    answered = make_survey(office, cast, "mentee", satisfaction=5, answered_at=office.clock.at)
    office.tell(facts.SurveyLeftOpen(survey_id=answered.id))
    office.work()
    left = make_survey(office, cast, "mentor")
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Mentorship).values(state="closed"))
    office.tell(facts.SurveyOpened(survey_id=left.id))
    office.work()
    assert [mail.state for mail in office.mails()] == [MailState.UNWANTED] * 2


def test_whoever_unsubscribed_from_a_kind_of_mail_gets_no_more_of_it(office: Office, cast: Cast) -> None:
    mentor = cast.accounts["mentor"].id
    with office.as_owner.writing(SYSTEM) as session:
        session.add(Unsubscription(account_id=mentor, template=Template.PROPOSAL_TO_MENTOR))
    office.tell(facts.ProposalPublished(proposal_id=make_proposal(office, cast).id))
    office.work()
    assert set(office.sent()) == {cast.accounts["mentee"].id}
    states = {mail.recipient_id: mail.state for mail in office.mails()}
    assert states[mentor] == MailState.UNWANTED


def test_a_closed_account_gets_nothing(office: Office, cast: Cast) -> None:
    office.tell(facts.RegistrationConfirmed(participant_id=cast.participants["mentee"].id))
    with office.as_owner.writing(SYSTEM) as session:
        closing = update(Account).where(Account.id == cast.accounts["mentee"].id)
        session.execute(closing.values(closed_at=office.clock.at))
    office.work()
    assert not office.sent()
