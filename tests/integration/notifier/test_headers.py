"""The head of a mail: what mail programs and other mail servers go by."""

from email.utils import parsedate_to_datetime
from uuid import UUID

from sqlalchemy import update

from services.notifier.messages import Template
from shared.contracts.messages import RegistrationConfirmed
from shared.db.actor import SYSTEM
from shared.models.accounts import Account
from shared.models.notification import MailState
from shared.security.unsubscribe_links import Unwanted, read_unsubscribe_token
from tests.factories.cast import Cast
from tests.integration.notifier.office import Office


def rename(office: Office, cast: Cast, **fields: str) -> None:
    with office.as_owner.writing(SYSTEM) as session:
        session.execute(update(Account).where(Account.id == cast.accounts["mentee"].id).values(**fields))


def send_welcome(office: Office, cast: Cast) -> None:
    office.tell(RegistrationConfirmed(participant_id=cast.participants["mentee"].id))
    office.work()


def test_a_mail_says_who_when_and_that_a_machine_wrote_it(office: Office, cast: Cast) -> None:
    send_welcome(office, cast)
    mail, row = office.sent()[cast.accounts["mentee"].id], office.mail()
    assert mail["From"] == office.settings.mail_from
    assert mail["Message-ID"] == row.message_id
    assert row.message_id.endswith("@example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]) == row.created_at.replace(microsecond=0)


def test_one_click_ends_this_kind_of_mail_for_this_person(office: Office, cast: Cast) -> None:
    send_welcome(office, cast)
    mail = office.sent()[cast.accounts["mentee"].id]
    link = mail["List-Unsubscribe"]
    assert link.startswith("<https://belay.example.org/unsubscribe/")
    token = link.strip("<>").rpartition("/")[2]
    wanted = Unwanted(UUID(str(cast.accounts["mentee"].id)), Template.WELCOME_MENTEE)
    assert read_unsubscribe_token(office.settings.secret_key.get_secret_value(), token) == wanted
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_no_name_can_add_a_header(office: Office, cast: Cast) -> None:
    rename(office, cast, name="Robin\r\nBcc: everybody@example.org")
    send_welcome(office, cast)
    mail = office.sent()[cast.accounts["mentee"].id]
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == cast.accounts["mentee"].email


def test_a_long_name_with_accents_survives_the_journey(office: Office, cast: Cast) -> None:
    name = "Dr. María-José Ñúñez de la Peña y Villanueva-Ångström, MD, PhD, MPH " * 2
    rename(office, cast, name=name.strip())
    send_welcome(office, cast)
    mail = office.sent()[cast.accounts["mentee"].id]
    assert mail["To"].addresses[0].display_name == name.strip()
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())


def test_an_address_that_is_none_ends_the_mail(office: Office, cast: Cast) -> None:
    rename(office, cast, email="not an address")
    send_welcome(office, cast)
    assert (office.mail().state, office.mail().last_error) == (MailState.UNWANTED, "the address is malformed")
