"""Mails that somebody turned off are called by name."""

from services.api.accounts.mail_names import NAMES, mail_name
from services.api.web.translations import reading_as
from services.notifier.messages import NECESSARY, Template


def test_every_mail_that_one_can_do_without_has_a_name_in_every_language() -> None:
    assert NAMES.keys() == set(Template) - NECESSARY
    for locale in ("es", "fr"):
        with reading_as(locale):
            assert [code for code, name in NAMES.items() if mail_name(code) == name] == []
