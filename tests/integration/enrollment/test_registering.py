"""The registration as people walk through it, without JavaScript."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.api.enrollment.service import forget_expired
from services.api.services import Services
from shared.clock import FixedClock
from shared.db.actor import SYSTEM
from shared.models.accounts import Account, LoginChallenge, LoginSession
from shared.models.bandwidth import AvailabilityHour, BandwidthPeriod
from shared.models.enrollment import Consent, Participant, Profile, Registration
from shared.models.messaging import OutboxMessage
from shared.models.oversight import AuditEvent
from shared.security.challenges import open_challenge
from tests.integration.enrollment.conftest import Registrant
from tests.integration.enrollment.scene import ENDS, SLUG, STARTS, Scene, set_scene


def test_the_start_says_what_it_takes_and_what_happens_to_the_data(ana: Registrant) -> None:
    page = ana.page(f"/register/{SLUG}")
    assert "Join Rope Team" in page
    assert "Six short steps" in page
    assert "no identities" in page


def test_an_unknown_program_is_not_found(ana: Registrant) -> None:
    ana.page("/register/nowhere", 404)
    assert ana.submit("/register/nowhere", {"role": "mentee"}).status_code == 404


def test_a_program_without_an_open_cycle_says_so_and_takes_nobody(ana: Registrant, services: Services) -> None:
    set_scene(services.database, services.keyring, slug="closed", state="closed")
    assert "takes no registrations" in ana.page("/register/closed")
    assert ana.submit("/register/closed", {"role": "mentee"}).status_code == 403


def test_whoever_has_started_is_told_where_they_go_on(ana: Registrant) -> None:
    ana.answer_all()
    assert "Go on with step 6 of 6. All before it is saved." in ana.page(f"/register/{SLUG}")


def test_start_never_replaces_a_registration_under_way(
    ana: Registrant, someone: Callable[[], Registrant], services: Services
) -> None:
    set_scene(services.database, services.keyring, slug="another")
    ana.begin()
    ana.answer(1)
    for slug in (SLUG, "another"):
        page = ana.checked(ana.submit(f"/register/{slug}", {"role": "mentor"}), 409)
        assert 'href="/register/step/2"' in page
    assert 'value="Ana Rivera"' in ana.page("/register/step/1")
    beside = re.findall('name="beside" value="([^"]+)"', page)
    started = ana.submit("/register/another", {"role": "mentor", "beside": beside[0]})
    assert started.headers["location"] == "/register/step/1"
    assert "Ana Rivera" not in ana.page("/register/step/1")
    phone = someone()
    phone.submit("/login", {"email": "ana@example.org"})
    assert phone.type_code().headers["location"] == "/register/step/2"


def test_a_refused_first_step_is_not_replaced_either(ana: Registrant) -> None:
    ana.begin()
    ana.begin("mentor")  # nothing was typed: nothing is lost
    ana.answer(1, email="nonsense")
    assert "what was typed is forgotten" in ana.checked(ana.submit(f"/register/{SLUG}", {"role": "mentee"}), 409)
    assert 'value="nonsense"' in ana.page("/register/step/1")


def test_no_browser_cuts_what_is_pasted(ana: Registrant) -> None:
    ana.answer_all()
    texts = re.findall("<textarea[^>]*>", ana.page("/register/step/3"))
    assert texts
    assert [text for text in texts if "maxlength" in text] == []


def test_each_step_is_a_sound_page(ana: Registrant) -> None:
    ana.answer_all(role="both")
    for number in range(1, 7):
        assert f">{number}<" in ana.page(f"/register/step/{number}")


def test_nobody_skips_ahead(ana: Registrant) -> None:
    ana.begin()
    assert ana.get("/register/step/4").headers["location"] == "/register/step/1"


def test_a_step_that_does_not_exist_is_not_found(ana: Registrant) -> None:
    ana.begin()
    ana.page("/register/step/7", 404)


def test_without_a_registration_the_page_says_where_to_go(ana: Registrant) -> None:
    assert "Log in" in ana.page("/register/step/2", 404)


def test_each_step_is_saved_at_once_and_shown_again_on_the_way_back(ana: Registrant) -> None:
    ana.begin()
    ana.answer(1)
    ana.answer(2)
    page = ana.page("/register/step/1")
    assert 'value="Ana Rivera"' in page
    assert 'value="ana@example.org"' in page
    assert "step 3" in ana.page(f"/register/{SLUG}")


WRONG: list[tuple[int, dict[str, Any], str, str]] = [
    (1, {"email": "ana at home"}, "Enter an e-mail address", 'value="ana at home"'),
    (1, {"name": ""}, "Tell us your name.", 'value="ana@example.org"'),
    (1, {"stage": "m1", "role": "mentor"}, "Mentors start in the third year", 'value="Ana Rivera"'),
    (1, {"stage": ""}, "Choose your career stage.", 'value="Ana Rivera"'),
    (2, {"institution_id": ""}, "Choose your institution.", "Where do you train"),
    (2, {"institution_id": "00000000-0000-0000-0000-000000000000"}, "Choose an institution", "Where do you train"),
    (2, {"time_zone": "Mars/Olympus"}, "Choose a time zone", "Where do you train"),
    (3, {"wish": "Hm"}, "Say in a sentence or two", "An away rotation"),
    (3, {"wish": "long " * 500}, "That is 2,499 characters; 2,000 is the most we can keep.", "An away rotation"),
    (3, {"specialty_1": "alchemy"}, "alchemy is not on it", "An away rotation"),
    (3, {"kinds_wanted": "guru"}, "needs another look", "An away rotation"),
    (4, {"match_gender": "on"}, "Gender: choose an answer", "Purépecha"),
    (4, {"answers_gender": "Klingon"}, "Choose from the list", "Purépecha"),
    (4, {"importance_race_ethnicity": "9"}, "less than or equal to 3", "Purépecha"),
    (5, {"hours": []}, "Mark at least one hour", "States with a tie"),
    (5, {"hours": "9-99"}, "Choose hours from the grid.", "States with a tie"),
    (5, {"languages": []}, "Choose at least one language.", "States with a tie"),
    (5, {"regions": "ZZ"}, "ZZ is not on it", "States with a tie"),
    (6, {}, "Please agree", "Ana Rivera"),
]


def test_a_wrong_answer_is_said_at_its_field_and_keeps_what_was_typed(ana: Registrant) -> None:
    ana.answer_all()
    ana.answers[6] = {}
    for number, wrong, sentence, kept in WRONG:
        page = ana.checked(ana.answer(number, **wrong), 422)
        assert sentence in page, wrong
        assert kept in page, wrong
        assert "Nothing you typed is lost." in page


def test_mentors_say_how_much_they_give(ana: Registrant) -> None:
    ana.answer_all(role="mentor")
    page = ana.checked(ana.answer(5, hours_per_month="1", mentee_slots=""), 422)
    assert "Enter hours from 2 to 80" in page
    assert "Enter a number of mentees" in page


def test_a_refused_step_is_found_again_as_it_was_typed(ana: Registrant) -> None:
    """The browser was closed over the errors: nothing in it was saved, and nothing of it is lost."""
    ana.begin("both")
    ana.answer(1, role="both")
    ana.answer(2)
    ana.answer(3, wish="Long enough for a wish", offer="Hm", specialty_2="urology", kinds_wanted=["faculty"])
    page = ana.page("/register/step/3")
    assert "Say in a sentence or two what you can help with." in page
    assert "Long enough for a wish" in page
    assert '<option value="urology" selected' in page
    assert re.findall('<input[^>]*value="faculty"[^>]* checked', page)
    assert ana.get("/register/step/4").headers["location"] == "/register/step/3"
    assert "Go on with step 3 of 6" in ana.page(f"/register/{SLUG}")


def test_painted_hours_outlive_a_language_that_is_missing(ana: Registrant) -> None:
    ana.answer_all()
    ana.answer(5, hours=["2-7", "6-22"], languages=[])
    page = ana.page("/register/step/5")
    assert "Choose at least one language." in page
    assert set(re.findall(r'<input[^>]*name="hours" value="([^"]+)"[^>]* checked', page)) == {"2-7", "6-22"}


def test_an_identity_that_was_refused_is_found_again(ana: Registrant) -> None:
    ana.answer_all()
    ana.answer(4, own_gender="Woman of the mountains", match_gender="on", match_parent="on")
    page = ana.page("/register/step/4")
    assert "Parenting and care: choose an answer" in page
    assert "Woman of the mountains" in page


def test_what_was_refused_is_no_answer_until_it_is_put_right(ana: Registrant) -> None:
    ana.answer_all()
    ana.answer(1, email="nonsense")
    assert 'value="nonsense"' in ana.page("/register/step/1")
    assert ana.get("/register/step/6").headers["location"] == "/register/step/1"
    assert ana.agree().status_code == 409
    ana.answer(1)
    assert 'value="ana@example.org"' in ana.page("/register/step/1")
    assert ana.agree().headers["location"] == "/login/sent"


def test_what_was_refused_is_found_again_on_another_device(
    ana: Registrant, someone: Callable[[], Registrant]
) -> None:
    ana.answer_all()
    ana.answer(3, wish="Hm", goals="To stand on a summit")
    phone = someone()
    phone.submit("/login", {"email": "ana@example.org"})
    assert phone.type_code().headers["location"] == "/register/step/3"
    assert "To stand on a summit" in phone.page("/register/step/3")


def test_a_flood_is_refused_and_not_kept(ana: Registrant) -> None:
    ana.answer_all()
    ana.answer(3, wish="x" * 200_000)
    assert "Matching into emergency medicine" in ana.page("/register/step/3")


def test_changing_the_role_leads_back_to_what_it_asks_for(ana: Registrant) -> None:
    ana.answers[3]["offer"] = ""
    ana.answer_all(role="mentee")
    ana.answer(1, role="both")
    assert ana.get("/register/step/6").headers["location"] == "/register/step/3"
    assert "Say in a sentence or two what you can help with" in ana.page("/register/step/3")


def test_the_review_shows_everything_before_consent(ana: Registrant) -> None:
    ana.answer_all(role="both")
    page = ana.page("/register/step/6")
    for said in ("Ana Rivera", "Northern Clinic", "Central – Chicago", "far away", "red pen", "Mexican American"):
        assert said in page


def test_a_registration_becomes_a_mentee_and_a_mentor(ana: Registrant, scene: Scene, services: Services) -> None:
    assert ana.register(role="both").headers["location"] == "/login/sent"
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        people = {p.role: p for p in session.scalars(select(Participant))}
        profiles = {p.participant_id: p for p in session.scalars(select(Profile))}
        account = session.scalars(select(Account)).one()
    assert (account.name, account.email, account.time_zone) == ("Ana Rivera", "ana@example.org", "America/Chicago")
    assert {p.account_id for p in people.values()} == {account.id}
    mentee, mentor = profiles[people["mentee"].id], profiles[people["mentor"].id]
    assert mentee.statements.keys() == {"wish", "goals", "interests"}
    assert mentor.statements.keys() == {"offer", "interests"}
    assert (mentee.kinds, mentor.kinds) == (["near_peer", "faculty"], ["near_peer"])
    assert mentee.specialties == ["emergency_medicine", "toxicology"]
    assert (mentee.different_perspective, mentor.different_perspective) == (True, False)
    assert mentee.time_zone == "America/Chicago"


def test_a_mentor_has_bandwidth_from_today_or_the_start_of_the_cycle(
    ana: Registrant, services: Services, clock: FixedClock
) -> None:
    ana.register(role="mentor")
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        period = session.scalars(select(BandwidthPeriod)).one()
        hours = {(hour.weekday, hour.hour) for hour in session.scalars(select(AvailabilityHour))}
    assert (period.hours_per_month, period.mentee_slots) == (Decimal(6), 3)
    assert (period.starts_on, period.ends_on) == (min(clock.now().date(), STARTS), ENDS)
    assert hours == {(1, 18), (1, 19), (5, 10)}


def test_consent_audit_and_messages_come_with_the_participant(ana: Registrant, services: Services) -> None:
    ana.register()
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        participant = session.scalars(select(Participant)).one()
        consent = session.scalars(select(Consent)).one()
        audited = session.scalars(select(AuditEvent).where(AuditEvent.action == "registered")).one()
        messages = session.scalars(select(OutboxMessage)).all()
    assert (consent.subject, consent.account_id) == ("privacy", participant.account_id)
    assert (audited.object_id, audited.detail) == (participant.id, {"role": "mentee"})
    told = {message.name for message in messages if message.payload == {"participant_id": str(participant.id)}}
    assert told == {"ParticipantChanged", "RegistrationConfirmed"}


def test_after_confirming_one_is_logged_in(ana: Registrant, services: Services) -> None:
    ana.register()
    ana.type_code()
    assert ana.get("/api/v1/me").json()["email"] == "ana@example.org"
    with services.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_a_known_address_gets_the_same_answer_and_leads_to_its_account(
    ana: Registrant, someone: Callable[[], Registrant], services: Services
) -> None:
    first = ana.register()
    ana.type_code()
    again = someone()
    second = again.register()
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    again.type_code()
    one, other = (browser.get("/api/v1/me").json() for browser in (again, ana))
    assert {**one, "csrf_token": ""} == {**other, "csrf_token": ""}  # a form token is its browser's own
    with services.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 1


def _wish(services: Services) -> str:
    with services.database.reading(SYSTEM) as session:
        return str(session.scalars(select(Profile)).one().statements["wish"])


def test_whoever_registers_twice_is_told_and_their_new_answers_wait(
    ana: Registrant, someone: Callable[[], Registrant], services: Services
) -> None:
    ana.register()
    ana.type_code()
    again = someone()
    again.answers[3]["wish"] = "Something quite different this time: rural obstetrics"
    again.register()
    assert again.type_code().headers["location"] == "/register/again"
    page = again.page("/register/again")
    assert "You are registered already" in page
    assert "rural obstetrics" in page
    assert "Matching into emergency medicine" in _wish(services)
    wrong = again.checked(again.submit("/register/again", {}), 422)
    assert "Choose which answers" in wrong
    assert "/profile/" in again.submit("/register/again", {"choice": "new"}).headers["location"]
    assert "rural obstetrics" in _wish(services)
    assert again.get("/register/again").headers["location"] == "/home"


def test_the_profile_stays_if_they_wish_and_the_new_answers_are_forgotten(ana: Registrant, services: Services) -> None:
    ana.register()
    ana.type_code()
    ana.answers[3]["wish"] = "Something quite different this time: rural obstetrics"
    assert ana.register().headers["location"] == "/register/again"
    ana.submit("/register/again", {"choice": "old"})
    assert "Matching into emergency medicine" in _wish(services)
    with services.database.reading(SYSTEM) as session:
        assert all(one.sealed_answers == b"" for one in session.scalars(select(Registration)))


def test_a_role_that_is_new_is_joined_at_once_while_the_other_waits(ana: Registrant, services: Services) -> None:
    ana.register(role="mentee")
    ana.type_code()
    assert ana.register(role="both").headers["location"] == "/register/again"
    with services.database.reading(SYSTEM) as session:
        assert {p.role for p in session.scalars(select(Participant))} == {"mentee", "mentor"}


def test_somebody_logged_in_joins_in_another_role_without_confirming_again(
    ana: Registrant, services: Services
) -> None:
    ana.register(role="mentee")
    ana.type_code()
    with services.database.reading(SYSTEM) as session:
        mails = session.scalar(select(func.count()).select_from(LoginChallenge))
    assert "You are in this program already" in ana.page(f"/register/{SLUG}")
    assert ana.register(role="mentor").headers["location"] == "/home"
    with services.database.reading(SYSTEM) as session:
        assert {p.role for p in session.scalars(select(Participant))} == {"mentee", "mentor"}
        assert session.scalar(select(func.count()).select_from(LoginChallenge)) == mails


def test_somebody_logged_in_who_names_another_address_has_to_confirm_it(ana: Registrant) -> None:
    ana.register(role="mentee")
    ana.type_code()
    assert ana.register(role="mentor", email="else@example.org").headers["location"] == "/login/sent"


def test_a_registration_goes_on_where_it_was_left_on_another_device(
    ana: Registrant, someone: Callable[[], Registrant]
) -> None:
    ana.begin()
    ana.answer(1)
    ana.answer(2)
    phone = someone()
    phone.submit("/login", {"email": "Ana@Example.org"})
    assert phone.type_code().headers["location"] == "/register/step/3"
    assert 'value="Ana Rivera"' in phone.page("/register/step/1")
    ana.page("/register/step/3", 404)


def test_a_proof_of_one_address_never_confirms_another(ana: Registrant, services: Services) -> None:
    """The registration named another address by the time the first code was typed."""
    ana.register(email="mine@example.org")
    with services.database.reading(SYSTEM) as session:
        mine = session.scalars(select(LoginChallenge)).one()
    assert mine.sealed is not None
    code = open_code(services, mine)
    ana.answer(1, email="victim@example.org")
    ana.agree()
    ana.submit("/login/code", {"code": code})
    with services.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def open_code(services: Services, challenge: LoginChallenge) -> str:
    assert challenge.sealed is not None
    return open_challenge(services.settings, challenge.id, challenge.sealed).code


def test_a_registration_is_forgotten_after_thirty_days(
    ana: Registrant, clock: FixedClock, services: Services
) -> None:
    ana.begin()
    clock.at += timedelta(days=31)
    ana.page("/register/step/1", 404)
    with services.database.writing(SYSTEM) as session:
        assert forget_expired(session, clock.now()) == 1
    with services.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Registration)) == 0


def test_a_cycle_that_has_ended_takes_nobody(ana: Registrant, clock: FixedClock) -> None:
    clock.at = clock.at.replace(year=ENDS.year, month=12)
    assert date(ENDS.year, 12, 1) > ENDS
    assert "takes no registrations" in ana.page(f"/register/{SLUG}")
