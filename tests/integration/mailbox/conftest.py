"""A demo in which mails have been written."""

import pytest

from services.notifier.channels import FileChannel
from shared.clock import FixedClock
from shared.contracts.messages import MeetingScheduled, RegistrationConfirmed
from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.settings import Settings
from tests.factories.cast import Cast
from tests.factories.meetings import make_meeting
from tests.integration.notifier.office import Office


@pytest.fixture
def office(
    api_settings: Settings,
    as_owner: Database,
    as_relay: Database,
    as_notifier: Database,
    clock: FixedClock,
) -> Office:
    channel = FileChannel(api_settings.mail_directory)
    return Office(api_settings, as_owner, as_relay, as_notifier, clock, channel)


@pytest.fixture
def written(office: Office, cast: Cast) -> dict[str, str]:
    """Three mails on disk: the mentee is welcomed, and both are invited to a meeting; file names by template."""
    with office.as_owner.writing(SYSTEM) as session:
        meeting = make_meeting(session, cast.mentorship)
    office.tell(RegistrationConfirmed(participant_id=cast.participants["mentee"].id))
    office.tell(MeetingScheduled(meeting_id=meeting.id))
    office.work()
    return {mail.template: mail.message_id.strip("<>").partition("@")[0] for mail in office.mails()}
