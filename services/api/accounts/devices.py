"""What a browser calls itself, in words its owner recognizes in the list of log-ins."""

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def describe_device(user_agent: str) -> str:
    """`Firefox, Windows`; empty if the header says nothing we know."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(part for part in found if part)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in table if sign in text), "")
