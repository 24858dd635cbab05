"""Looks at what the site's own files say: their mistakes, their mappings, who is told, what ends soon."""

from collections.abc import Iterator
from datetime import timedelta

from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.config.channel_checks import servers
from gateway.config.finding import FILE
from gateway.config.load import MappingReference, Site
from gateway.config.problems import remedy
from gateway.kernel.problem import Problem

SHOWN = 5
"""So many mistakes are told one by one; the others are counted."""
SOON = timedelta(days=14)
CHECK = "gateway config check"
_ROUTES = f"""write in {FILE}, with your own addresses:
mail: {{host: mail.example.com, from: edi@example.com}}
alerts: {{routes: [{{name: office, to: [you@example.com]}}]}}"""


def site_files(case: Case) -> Iterator[Finding]:
    """Every mistake in gateway.yaml, partner files and mappings."""
    site, problems, prepared = case.read
    errors = [each for each in problems if each.level == "error"]
    warnings = [each for each in problems if each.level == "warning" and not _is_of_secret(each.sentence)]
    yield from (problem("configuration", _said(each), f"{remedy(each)}\nthen: {CHECK}") for each in errors[:SHOWN])
    if len(errors) > SHOWN:
        yield problem("configuration", f"There are {len(errors) - SHOWN} more mistakes.", CHECK)
    yield from (warning("configuration", _said(each), remedy(each)) for each in warnings[:SHOWN])
    if len(warnings) > SHOWN:
        yield warning("configuration", f"There are {len(warnings) - SHOWN} more warnings.", CHECK)
    if site is not None and not errors:
        yield fine("configuration", f"{FILE} and {len(site.partners)} partner files are in order")
        yield fine("mappings", f"{prepared} are in use, all ready")


def _said(each: Problem) -> str:
    return f"{each.file}:{each.line}:{each.column}: {each.sentence} ({each.code})"


def _is_of_secret(sentence: str) -> bool:
    """Whether a warning tells of a secret that cannot be read, which has a look of its own."""
    return sentence.startswith(("'key': ", "'passphrase': ", "'password': "))


def partners(case: Case) -> Iterator[Finding]:
    """Whether anybody is served at all, and until when."""
    site = case.site
    if site is None:
        return
    used = [each.partner for each in site.partners.values() if each.is_in_use]
    if used:
        yield fine("partners", f"{len(used)} in use, {len(site.partners) - len(used)} not")
    elif site.partners:
        name = min(site.partners)
        yield warning(
            "partners", "No partner is in use yet, so nothing is read or sent.",
            f"in partners/{name}.yaml: status: testing",
        )  # fmt: skip
    else:
        yield warning("partners", "There is no partner yet.", "gateway partner new NAME --from FILE")
    yield from _ending(case, site)


def told(case: Case) -> Iterator[Finding]:
    """Whether anybody hears when something goes wrong."""
    site = case.site
    if site is None or not any(each.is_in_use for each in site.partners.values()):
        return
    routes = site.settings.alerts.routes
    if routes:
        yield fine("alert routes", ", ".join(each.name for each in routes))
    elif all(each.alerts.to for each in site.partners.values() if each.is_in_use):
        yield fine("alert routes", "each partner file says who is told")
    else:
        yield warning("alert routes", "Nobody is told when something goes wrong.", _ROUTES)


def host_keys(case: Case) -> Iterator[Finding]:
    """Each server of a partner is known by its key: one that is not named is a mistake of the partner file."""
    site = case.site
    if site is None:
        return
    pinned = {channel.host: len(channel.host_key) for each in site.partners.values() for _, channel in servers(each)}
    if pinned:
        yield fine("host keys", f"the keys of {len(pinned)} servers are known: {', '.join(sorted(pinned))}")


def _ending(case: Case, site: Site) -> Iterator[Finding]:
    """Documents whose last entry has ended, or ends soon."""
    by_document: dict[tuple[str, str, str], list[MappingReference]] = {}
    for each in site.references:
        if site.partners[each.partner].is_in_use:
            by_document.setdefault((each.partner, each.use.document, each.use.direction), []).append(each)
    for (partner, document, direction), uses in sorted(by_document.items()):
        ends = [each.use.until for each in uses if each.use.until is not None]
        today = case.now.astimezone(site.zone_of(site.partners[uses[0].partner])).date()
        if len(ends) < len(uses) or max(ends) > today + SOON:
            continue
        last = max(ends)
        at = next(each.origin for each in uses if each.use.until == last)
        done = f"{'read' if direction == 'in' else 'sent'} for {partner}"
        repair = f"write a later 'until' in {at.file}:{at.line}, or another entry for '{document}' below it"
        if last < today:
            yield problem("expiry", f"No '{document}' is {done} since {last}.", repair)
        else:
            yield warning("expiry", f"After {last} no '{document}' is {done}.", repair)
