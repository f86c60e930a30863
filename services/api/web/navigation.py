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

    def leads_to(self, path: str) -> bool:
        return path == self.href or path.startswith(f"{self.href}/")


def _item(label: str, href: str, *roles: str) -> NavigationItem:
    return NavigationItem(label, href, frozenset(roles))


ITEMS: tuple[NavigationItem, ...] = (
    _item(_("Log in"), "/login"),
    _item(_("My programs"), "/home", "lead", "coordinator"),
    _item(_("My match"), "/mentee", "mentee"),
    _item(_("Requests"), "/mentor", "mentor"),
    _item(_("My mentorships"), "/mentorships", "mentee", "mentor"),
    _item(_("My bandwidth"), "/mentor/bandwidth", "mentor"),
    _item(_("My week"), "/availability", "mentee", "mentor"),
    _item(_("My profile"), "/profile", "mentee", "mentor"),
    _item(_("Operations"), "/operations", "operator"),
)


def navigation_for(actor: "PageActor | None") -> tuple[NavigationItem, ...]:
    if actor is None:
        return tuple(item for item in ITEMS if not item.roles)
    return tuple(item for item in ITEMS if item.roles & set(actor.roles))


def current_item(path: str) -> NavigationItem | None:
    """The item that names most of the path: `/mentor/bandwidth` is not also `/mentor`."""
    leading = [item for item in ITEMS if item.leads_to(path)]
    return max(leading, key=lambda item: len(item.href), default=None)
