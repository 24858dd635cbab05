"""The commands that try the channels of a partner and show the host key of a server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.app import repairs, servers
from gateway.app.servers import Tested
from gateway.cli import output
from gateway.cli.context import opened
from gateway.config.channels import ChannelIn, ChannelOut
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.kernel.errors import NotFoundError, TransportError
from gateway.kernel.ids import PartnerId


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a channel is: how far it came, whether it is used again, and what mends it."""

    result: Tested
    let: bool
    repair: str


def test(name: str, wanted: str, site: Path | None, *, write: bool, as_json: bool) -> int:
    """Try each channel, or the one that is wanted; 6 when one cannot be used."""
    bench = opened(site)
    partner = bench.partner(PartnerId(name))
    if partner is None:
        hint = suggestion(name, sorted(bench.site.partners))
        raise NotFoundError(f"There is no partner '{name}'.", next_step=hint or "See 'gateway partner list'.")
    found: list[_Outcome] = []
    channels = _channels(partner, wanted)
    with output.progress("trying", len(channels), "channels") as bar:
        for each in channels:
            bar.says(f"trying {each.key}")
            result = servers.tested(bench.site, partner, each, write=write)
            ok = result.error is None
            repair = "" if ok else repairs.of_channel(bench.site, partner, each, result.passed)
            found.append(_Outcome(result, ok and servers.let(bench, result.channel), repair))
            bar.step()
    if as_json:
        output.data([_json(each) for each in found])
    else:
        for outcome in found:
            _tell(outcome)
    return 0 if all(outcome.result.error is None for outcome in found) else TransportError.exit_code


def scan(host: str, port: int, *, as_json: bool) -> int:
    """Show what a server shows now: whose it is, only the partner can say."""
    line, fingerprint = servers.scanned(host, port)
    if as_json:
        output.data({"host": host, "port": port, "host_key": line, "fingerprint": fingerprint})
        return 0
    output.line(f"host_key: {line}")
    output.line(f"fingerprint: {fingerprint}")
    output.talk(
        "Compare the fingerprint with the partner by telephone before you put the first line into the partner file."
    )
    return 0


def _channels(partner: Partner, wanted: str) -> list[ChannelIn | ChannelOut]:
    every: list[ChannelIn | ChannelOut] = [*partner.inlets(), *partner.outlets()]
    names = {each.key: each for each in every}
    if not wanted:
        return list(names.values())
    found = [each for each in every if wanted in (each.key, getattr(each, "name", None))]
    if not found:
        hint = suggestion(wanted, list(names)) or f"Its channels are: {', '.join(names)}."
        raise NotFoundError(f"{partner.partner} has no channel '{wanted}'.", next_step=hint)
    return found


def _tell(outcome: _Outcome) -> None:
    result, let = outcome.result, outcome.let
    key, direction = result.channel.key, result.channel.direction.value
    if result.error is None:
        again = " It is used again." if let else ""
        output.line(f"{key} ({direction}): in order ({', '.join(result.passed)}).{again}")
        return
    passed = f" Before that: {', '.join(result.passed)}." if result.passed else ""
    code = f" ({result.error.code})" if result.error.code else ""
    output.line(f"{key} ({direction}): {result.error.sentence}{code}{passed}")
    if result.error.next_step:
        output.line(f"  {result.error.next_step}")
    for number, line in enumerate(outcome.repair.splitlines()):
        output.line(f"  {'   ' if number else '-> '}{line}")


def _json(outcome: _Outcome) -> dict[str, Any]:
    result, let = outcome.result, outcome.let
    error = result.error
    return {
        "channel": result.channel.key, "direction": result.channel.direction.value, "kind": result.channel.kind,
        "ok": error is None, "passed": list(result.passed), "used_again": let,
        "code": error.code if error is not None else "", "error": error.sentence if error is not None else "",
        "next_step": error.next_step if error is not None else "", "repair": outcome.repair,
    }  # fmt: skip
