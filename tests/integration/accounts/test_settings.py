"""One's own settings, history and unwanted mails."""

import pytest
from sqlalchemy import select

from services.api.oversight.audit import record
from services.api.services import Services
from services.api.visitor import StaffGrant, Visitor
from shared.db.actor import SYSTEM
from shared.models.notification import Unsubscription
from shared.security.unsubscribe_links import Unwanted, unsubscribe_link, unsubscribe_token
from tests.factories.browser import Browser
from tests.factories.cast import Cast

PERSON = {"name": "Dr. Robin Sample", "pronouns": "they/them", "language": "es", "time_zone": "America/Denver"}


def test_settings_are_kept_and_speak_the_chosen_language(mentee: Browser) -> None:
    assert mentee.submit("/settings", PERSON).status_code == 303
    page = mentee.page("/settings")
    assert '<html lang="es">' in page
    assert 'value="Dr. Robin Sample"' in page
    me = mentee.get("/api/v1/me").json()
    assert {key: me[key] for key in PERSON} == PERSON


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("name", "x" * 121), ("time_zone", "Mars/Olympus"), ("language", "tlh"), ("pronouns", "x" * 41)],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_lost(mentee: Browser, field: str, value: str) -> None:
    page = Browser.checked(mentee.submit("/settings", {**PERSON, field: value}), 422)
    assert f'id="field-{field}-error"' in page
    kept = {"name": PERSON["pronouns"], "pronouns": PERSON["name"]}.get(field, PERSON["name"])
    assert f'value="{kept}"' in page


def test_a_change_by_the_api_leaves_the_rest_as_it_is(mentee: Browser) -> None:
    mentee.submit("/settings", PERSON)
    header = {"X-CSRF-Token": mentee.csrf_token}
    me = mentee.patch("/api/v1/me", json={"pronouns": "she/her"}, headers=header).json()
    assert (me["pronouns"], me["name"]) == ("she/her", PERSON["name"])


def test_a_flash_message_is_said_once(mentee: Browser) -> None:
    mentee.submit("/settings", PERSON | {"language": "en"})
    assert "Your settings are saved." in mentee.page("/settings")
    assert "Your settings are saved." not in mentee.page("/settings")


def test_a_forged_flash_message_is_not_said(mentee: Browser) -> None:
    mentee.set_cookie("-flash", "WyJZb3Ugd29uIiwgInN1Y2Nlc3MiXQ==.forged")
    assert "You won" not in mentee.page("/settings")


def test_a_look_of_a_lead_at_a_record_can_be_read_by_its_person(
    mentee: Browser, outsider: Browser, services: Services, cast: Cast
) -> None:
    program_id, participant_id = cast.program.id, cast.participants["mentee"].id
    lead = Visitor(account_id=cast.accounts["lead"].id, roles=frozenset({StaffGrant("lead", program_id)}))
    with services.database.writing(SYSTEM) as session:
        record(session, lead, "pair.viewed", "participant", participant_id, program_id)
    assert "Looked at in a draft of the match" in mentee.page("/settings/history")
    assert "Looked at in a draft of the match" not in outsider.page("/settings/history")


@pytest.mark.parametrize(("language", "said"), [("es", "Configuración cambiada"), ("fr", "Réglages modifiés")])
def test_the_history_speaks_the_language_of_its_reader(mentee: Browser, language: str, said: str) -> None:
    mentee.submit("/settings", {**PERSON, "language": language})
    page = mentee.page("/settings/history")
    assert said in page
    assert "Settings changed" not in page


def test_an_empty_history_says_so(mentee: Browser) -> None:
    assert "Nothing yet" in mentee.page("/settings/history")


# --- unsubscribing ---


def link_of(services: Services, cast: Cast, template: str = "proposal_to_mentee") -> str:
    link = unsubscribe_link(services.settings, cast.accounts["mentee"].id, template)
    return link.removeprefix(services.settings.public_url)


def unwanted(services: Services) -> list[str]:
    with services.database.reading(SYSTEM) as session:
        return list(session.scalars(select(Unsubscription.template)))


def test_opening_an_unsubscribe_link_changes_nothing(api_client: Browser, services: Services, cast: Cast) -> None:
    api_client.page(link_of(services, cast))
    assert unwanted(services) == []


def test_a_mail_program_unsubscribes_with_one_click(api_client: Browser, services: Services, cast: Cast) -> None:
    api_client.cookies.clear()
    for _ in range(2):
        answer = api_client.post(link_of(services, cast), data={"List-Unsubscribe": "One-Click"})
        Browser.checked(answer)
    assert unwanted(services) == ["proposal_to_mentee"]


def test_a_person_turns_mails_on_again(mentee: Browser, services: Services, cast: Cast) -> None:
    mentee.submit(link_of(services, cast))
    assert "The match proposes a mentor" in mentee.page("/settings")
    assert mentee.submit("/settings/mails/proposal_to_mentee/wanted").status_code == 303
    assert unwanted(services) == []


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: t.replace("proposal", "welcome"), lambda _: "a.b.c"])
def test_a_changed_link_is_unknown(api_client: Browser, services: Services, cast: Cast, change: object) -> None:
    secret = services.settings.secret_key.get_secret_value()
    token = unsubscribe_token(secret, Unwanted(cast.accounts["mentee"].id, "proposal_to_mentee"))
    changed = change(token)  # type: ignore[operator]
    assert api_client.post(f"/unsubscribe/{changed}").status_code == 404
    assert unwanted(services) == []


# --- where one lands ---


@pytest.mark.parametrize(
    ("role", "place"),
    [("mentee", "/mentee"), ("mentor", "/mentor"), ("operator", "/operations")],
)
def test_each_lands_in_their_place(role: str, place: str, browse: object) -> None:
    assert browse(role).get("/home").headers["location"] == place  # type: ignore[operator]


def test_a_lead_lands_at_their_program(lead: Browser, cast: Cast) -> None:
    assert lead.get("/home").headers["location"] == f"/lead/{cast.program.slug}"


def test_somebody_with_several_places_chooses(mentee: Browser, services: Services, cast: Cast) -> None:
    from tests.factories import rows

    with services.database.writing(SYSTEM) as session:
        rows.make_staff_role(session, cast.accounts["mentee"], "lead", program_id=cast.other_program.id)
    page = mentee.page("/home")
    assert f'href="/lead/{cast.other_program.slug}"' in page
    assert 'href="/mentee"' in page


def test_somebody_without_a_place_is_shown_the_open_programs(
    api_client: Browser, services: Services, cast: Cast
) -> None:
    from tests.factories import rows

    with services.database.writing(SYSTEM) as session:
        newcomer = rows.make_account(session)
    assert f'href="/register/{cast.program.slug}"' in api_client.log_in(newcomer.id).page("/home")
