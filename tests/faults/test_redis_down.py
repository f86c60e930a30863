"""While Redis is down people register, log in and accept; once it is back, everything that was to follow follows."""

from sqlalchemy import select

from shared.contracts.messages import Queue
from shared.db.actor import SYSTEM
from shared.models.accounts import Account
from shared.models.enrollment import Participant
from shared.models.matching import MentoringRequest, OfferState, SuggestionList
from shared.models.notification import Mail, MailState
from shared.security.keyring import Keyring
from tests.factories import rows
from tests.factories.cast import make_cast
from tests.faults.people import Person
from tests.faults.processes import wait_until
from tests.faults.world import World
from tests.integration.enrollment.conftest import answers_in
from tests.integration.enrollment.scene import SLUG, set_scene
from tests.integration.matching.scene import new_person

TOLD = {"welcome_mentee", "accepted_to_mentee", "accepted_to_mentor"}


def test_with_redis_down_people_go_on_and_the_work_is_caught_up_on_its_return(world: World) -> None:
    world.servers.stop_redis()
    address = world.start_api()
    register(world, Person(world.settings, address))
    accept_a_mentee(world, address)
    assert (sent_mails(world), lists(world)) == (set(), 0)

    world.servers.start_redis()
    world.start_relay()
    world.start_matcher(Queue.MATCHER)
    world.start_service("notifier", Queue.NOTIFIER)
    wait_until(lambda: sent_mails(world) >= TOLD, "the mails are sent")
    wait_until(lambda: lists(world) > 0, "the newcomer has a list of mentors")


def register(world: World, ana: Person) -> None:
    """All six steps, the code of the mail, out, and in again."""
    scene = set_scene(world.api, Keyring.parse(world.settings.dimension_keys.get_secret_value()))
    assert ana.submit(f"/register/{SLUG}", {"role": "mentee"}).status_code == 303
    for number, answers in answers_in(scene).items():
        assert ana.submit(f"/register/step/{number}", answers).status_code == 303, number
    assert ana.type_code(world.api).status_code == 303
    assert ana.submit("/logout").status_code == 303
    assert ana.submit("/login", {"email": "ana@example.org"}).headers["location"] == "/login/sent"
    assert ana.type_code(world.api).headers["location"] == "/home"
    assert ana.get("/settings").status_code == 200


def accept_a_mentee(world: World, address: str) -> None:
    with world.api.writing(SYSTEM) as session:
        cast = make_cast(session)
        asked = rows.make_request(session, new_person(session, cast, "mentee"), cast.participants["mentor"]).id
    mentor = Person(world.settings, address).log_in(world.api, cast.accounts["mentor"].id)
    assert mentor.submit(f"/answer/request/{asked}", {"choice": "accept"}).status_code == 303
    with world.owner.reading(SYSTEM) as session:
        assert session.get_one(MentoringRequest, asked).state == OfferState.ACCEPTED


def sent_mails(world: World) -> set[str]:
    with world.owner.reading(SYSTEM) as session:
        return set(session.scalars(select(Mail.template).where(Mail.state == MailState.SENT)))


def lists(world: World) -> int:
    """Lists of suggested mentors that Ana has."""
    whose = select(Participant.id).join(Account, Account.id == Participant.account_id)
    with world.owner.reading(SYSTEM) as session:
        hers = SuggestionList.mentee_id.in_(whose.where(Account.email == "ana@example.org"))
        return len(session.scalars(select(SuggestionList).where(hers)).all())
