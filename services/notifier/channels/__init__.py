"""Ways out for a mail: SMTP, a folder of .eml files (development, demo), or nowhere (tests)."""

from services.notifier.channels.file import FileChannel
from services.notifier.channels.port import Channel, NullChannel, Refused, Sent, TryAgain, Verdict
from services.notifier.channels.smtp import SmtpChannel
from shared.settings import MailChannel, Settings

__all__ = ["Channel", "FileChannel", "NullChannel", "Refused", "Sent", "SmtpChannel", "TryAgain", "Verdict"]


def make_channel(settings: Settings) -> Channel:
    """The channel that the settings name."""
    if settings.mail_channel is MailChannel.SMTP:
        return SmtpChannel(settings.smtp_url.get_secret_value())
    return FileChannel(settings.mail_directory)
