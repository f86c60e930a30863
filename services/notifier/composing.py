"""From a queued mail to the message that goes out: looked up, written, addressed."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from services.notifier.contexts import Letter, NothingToSayError, letter_of
from services.notifier.invites import Attendee, Invite, calendar_of
from services.notifier.messages import NECESSARY, Template
from services.notifier.rendering import Rendered, render
from shared.clock import Clock
from shared.db.engine import ReadSession
from shared.models.notification import Mail
from shared.security.unsubscribe_links import unsubscribe_link
from shared.settings import Settings

__all__ = ["Composer", "NothingToSayError"]


@dataclass(frozen=True)
class Composer:
    """Writes mails for one deployment."""

    settings: Settings
    clock: Clock

    def compose(self, session: ReadSession, mail: Mail) -> EmailMessage:
        """The whole mail. Raises NothingToSayError if its person or object is gone, or its secret has expired."""
        letter = letter_of(session, mail, self.settings, self.clock)
        rendered = render(Template(mail.template), letter.language, letter.context)
        message = self._addressed(mail, letter, rendered.subject)
        _fill(message, rendered, letter.invite)
        return message

    def _addressed(self, mail: Mail, letter: Letter, subject: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = _address(Attendee.parse(self.settings.mail_from))
        message["To"] = _address(Attendee(letter.name, letter.email))
        if letter.reply_to:
            message["Reply-To"] = _address(letter.reply_to)
        message["Subject"] = subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        if mail.template not in NECESSARY:
            link = unsubscribe_link(self.settings, mail.recipient_id, mail.template)
            message["List-Unsubscribe"] = f"<{link}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


def _address(person: Attendee) -> Address:
    try:
        return Address(" ".join(person.name.split()), addr_spec=person.email)
    except (MessageError, ValueError) as error:
        raise NothingToSayError("the address is malformed") from error


def _fill(message: EmailMessage, rendered: Rendered, invite: Invite | None) -> None:
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    if invite is None:
        return
    calendar = calendar_of(invite)
    # Outlook reads the alternative part, Gmail and Apple the attachment.
    parameters = {"method": invite.method, "charset": "utf-8"}
    message.add_alternative(calendar, maintype="text", subtype="calendar", params=parameters)
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
