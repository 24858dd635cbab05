"""What gateway.yaml and the partner files say about alerts that leads nowhere."""

from collections.abc import Collection, Iterator

from gateway.config.located import Places
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.config.settings import Settings
from gateway.kernel.problem import Problem

NO_MAIL = "nobody could send it: gateway.yaml has no section 'mail'"
_HINT = "write 'mail: {host: ..., from: ...}' in gateway.yaml"


def alert_checks(settings: Settings, places: Places, partners: Collection[str]) -> Iterator[Problem]:
    """Routes that are named twice, or for partners that are not there; mail without a server; a digest without a route."""
    named: set[str] = set()
    for at, route in enumerate(settings.alerts.routes):
        path = ("alerts", "routes", at)
        if route.name in named:
            yield places.problem((*path, "name"), "P004", f"two routes are called '{route.name}'")
        named.add(route.name)
        if route.to and settings.mail is None:
            yield places.problem((*path, "to"), "P004", NO_MAIL, _HINT)
        for number, partner in enumerate(route.partners):
            if partner not in partners:
                hint = suggestion(partner, partners)
                yield places.problem((*path, "partners", number), "P004", f"there is no partner '{partner}'", hint)
    digest = settings.alerts.digest
    if digest is not None and digest.route not in named:
        hint = suggestion(digest.route, named) or f"give a route the 'name: {digest.route}'"
        yield places.problem(("alerts", "digest", "route"), "P004", f"there is no route '{digest.route}'", hint)


def partner_alert_checks(partner: Partner, places: Places, settings: Settings) -> Iterator[Problem]:
    """Addresses of a partner file that nobody could write to."""
    if partner.alerts.to and settings.mail is None:
        yield places.problem(("alerts", "to"), "P004", NO_MAIL, _HINT)
