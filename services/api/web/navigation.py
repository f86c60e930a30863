"""What the header offers to whom. Labels are translated where they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.api.web.rendering import PageActor

_: Callable[[str], str] = str  # marks a label for extraction into the catalogs


@dataclass(frozen=True)
class NavigationItem:
    """A link in the header, for actors with any of `roles`; with no roles, for those not logged in."""

    label: str
    href: str
    roles: frozenset[str] = frozenset()

    def is_current(self, path: str) -> bool:
        return path == self.href or path.startswith(f"{self.href.rstrip('/')}/")


def _item(label: str, href: str, *roles: str) -> NavigationItem:
    return NavigationItem(label, href, frozenset(roles))


ITEMS: tuple[NavigationItem, ...] = (
    _item(_("Programs"), "/programs"),
    _item(_("Log in"), "/login"),
    _item(_("Suggested mentors"), "/suggestions", "mentee"),
    _item(_("My bandwidth"), "/bandwidth", "mentor"),
    _item(_("My mentorships"), "/mentorships", "mentee", "mentor"),
    _item(_("My site"), "/site", "coordinator"),
    _item(_("Dashboard"), "/dashboard", "lead"),
    _item(_("Match runs"), "/matching", "lead"),
)


def navigation_for(actor: "PageActor | None") -> tuple[NavigationItem, ...]:
    if actor is None:
        return tuple(item for item in ITEMS if not item.roles)
    return tuple(item for item in ITEMS if item.roles & set(actor.roles))
