"""From a queued mail to the message that goes out: looked up, written, addressed."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from services.notifier.contexts import Letter, NothingToSayError, letter_of
from services.notifier.invites import Invite, calendar_of
from services.notifier.messages import NECESSARY, Template
from services.notifier.rendering import Rendered, render
from shared.clock import Clock, SystemClock
from shared.db.engine import ReadSession
from shared.models.notification import Mail
from shared.security.unsubscribe_links import unsubscribe_link
from shared.settings import Settings

__all__ = ["Composer", "NothingToSayError", "make_composer"]


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
        sender_name, sender = parseaddr(self.settings.mail_from)
        message["From"] = Address(sender_name, addr_spec=sender)
        message["To"] = Address(letter.name, addr_spec=letter.email)
        message["Subject"] = subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        if mail.template not in NECESSARY:
            link = unsubscribe_link(self.settings, mail.recipient_id, mail.template)
            message["List-Unsubscribe"] = f"<{link}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


def _fill(message: EmailMessage, rendered: Rendered, invite: Invite | None) -> None:
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    if invite is None:
        return
    calendar = calendar_of(invite)
    # Outlook reads the alternative part, Gmail and Apple the attachment.
    message.add_alternative(calendar, maintype="text", subtype="calendar", params={"method": invite.method})
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")


def make_composer(settings: Settings) -> Composer:
    return Composer(settings, SystemClock())
