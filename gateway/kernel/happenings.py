"""Everything that the log can say: each event with its level, when it is said, and what to do next; and the fields of a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

INFO, WARNING, ERROR = "info", "warning", "error"
LEVELS = (INFO, WARNING, ERROR)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the log: ``levels`` at which it is said, ``says`` when, ``then`` the command to give next."""

    levels: tuple[str, ...]
    says: str
    then: str = ""

    @property
    def level(self) -> str:
        """The level at which it is said as a rule."""
        return self.levels[0]


def _at(level: str, says: str, then: str = "") -> Happening:
    return Happening((level,), says, then)


HAPPENINGS: Mapping[str, Happening] = MappingProxyType(
    {
        # files that come in
        "file.received": _at(INFO, "a file was taken; it is on disk and remembered", "gateway trace TRACE_ID"),
        "file.interpreted": _at(INFO, "a file is read to its end, `state` says how; with `duration_s`", "gateway trace TRACE_ID"),
        "file.duplicate": _at(INFO, "the same bytes, control number or order came again; `kind` says which", "gateway trace TRACE_ID"),
        "file.refused": _at(WARNING, "something in a folder is not taken, `code` says why", "gateway holds list"),
        "file.gone": _at(WARNING, "another process took a claimed file meanwhile"),
        "file.changed": _at(INFO, "a file on a server changed while it was fetched; it is fetched anew"),
        "file.unreadable": _at(ERROR, "a file that was taken cannot be read; it is tried again with each scan", "gateway holds list"),
        "file.not_remembered": _at(ERROR, "a defect kept files from being noted; each is tried by itself", "gateway holds list"),
        "file.not_removed": _at(WARNING, "a work file could not be removed; it does no harm", "gateway health"),
        "file.not_put_aside": _at(WARNING, "a refused file could not be moved to `var/refused`", "gateway health"),
        "file.turn_unknown": _at(WARNING, "it cannot be told what a file is; it is read by itself", "gateway trace TRACE_ID"),
        "file.waits": _at(WARNING, "an earlier file could not be read yet; its own unit tells why", "gateway units list"),
        "slice.taken": _at(INFO, "one part of a big file was taken", "gateway trace TRACE_ID"),
        "slice.waits": _at(WARNING, "an earlier part of a big file could not be taken yet", "gateway units list"),
        "note.strange": _at(WARNING, "the note beside a claimed file cannot be read; the file is taken without it"),
        # documents and orders
        "document.mapped": _at(INFO, "a document of a file was mapped and acted on; with `duration_s`", "gateway trace TRACE_ID"),
        "document.held": _at(INFO, "a file, a document or an order waits for somebody; `code` says why", "gateway holds list"),
        "document.rejected": _at(INFO, "an X12 set was rejected; its 997 or 999 says so to the sender", "gateway trace TRACE_ID"),
        "document.not_written": _at(WARNING, "a document of ours could not be written and waits for somebody", "gateway holds list"),
        "order.placed": _at(INFO, "a new order stands; `state` says how", "gateway trace PO_NUMBER"),
        "order.changed": _at(INFO, "something happened to an order, `what` names it; `state` says how it stands now", "gateway trace PO_NUMBER"),
        # files that go out
        "ack.sent": _at(INFO, "a 997, 999 or TA1 was handed over", "gateway trace TRACE_ID"),
        "document.sent": _at(INFO, "a file with any other document was handed over", "gateway trace TRACE_ID"),
        "dispatch.data_changed": _at(WARNING, "characters in our data would have broken a file; they were replaced", "gateway dispatch list"),
        "dispatch.failed": _at(WARNING, "one file could not be handed over; it is tried again later", "gateway dispatch list"),
        "dispatch.given_up": _at(ERROR, "files could not be handed over for as long as was agreed", "gateway dispatch list"),
        "dispatch.held": _at(WARNING, "a file waits for somebody, as no further try would help", "gateway holds list"),
        "dispatch.not_withdrawn": _at(WARNING, "a file that must not leave lies at the partner still", "gateway dispatch list"),
        # channels and folders
        "channel.failed": Happening((WARNING, ERROR), "a folder or server could not be used; it is tried again", "gateway channels list"),
        "channel.stopped": _at(WARNING, "a channel is not used any more until somebody says so", "gateway channels list"),
        "channel.recovered": _at(INFO, "a channel that had failed works again"),
        "disk.full": _at(ERROR, "less than the reserve is free; no new file is taken until there is room", "gateway health"),
        "folder.not_watched": _at(WARNING, "the system watches a folder for us no more; it is scanned", "gateway health"),
        "folders.not_watched": _at(WARNING, "the system watches no folder for us; they are scanned", "gateway health"),
        "folders.watched_anew": _at(WARNING, "the watch of the folders ended and began anew"),
        "scan.not_told": _at(WARNING, "what a scan found could not be noted; the next scan does so", "gateway health"),
        # alerts
        "alert.opened": Happening((INFO, ERROR), "somebody must be told; at error where it is critical", "gateway alerts list"),
        "alert.closed": _at(INFO, "what somebody was told is over"),
        "notice.sent": _at(INFO, "a mail or webhook left", "gateway alerts list"),
        "notice.failed": _at(WARNING, "a mail or webhook could not leave; it is tried again", "gateway alerts test ROUTE"),
        # the process and its units of work
        "run.started": _at(INFO, "the process works"),
        "run.ended": _at(INFO, "the process ended in order"),
        "run.left": _at(WARNING, "the process ended with a unit unfinished; another one takes it over", "gateway units list"),
        "run.lost": _at(ERROR, "the database cannot be reached, so nobody sees that the process lives", "gateway health"),
        "run.anew": _at(INFO, "the database answers again, and the work begins anew"),
        "run.failed": _at(ERROR, "a round could not be done; told once until it is over", "gateway health"),
        "run.goes_on": _at(INFO, "rounds are done again"),
        "config.reloaded": _at(INFO, "the files of the configuration were read anew and count; `changed` names those that are not as before"),
        "config.refused": _at(ERROR, "changed files have a mistake; the settings of before count on", "gateway config check"),
        "config.waits": _at(WARNING, "a setting that changed counts at the next start only"),
        "channel.again": _at(INFO, "the file of a partner changed, so its stopped channel is tried again"),
        "worker.gone": _at(WARNING, "a process died; what it had is taken over", "gateway workers"),
        "unit.failed": _at(ERROR, "a unit failed for good", "gateway units list --failed"),
        "unit.waits": _at(WARNING, "a unit cannot be done now and waits", "gateway units list"),
        "unit.again": _at(INFO, "a unit met another one and is tried again at once"),
        "unit.left": _at(WARNING, "a dead process had begun this unit", "gateway units list"),
        "unit.strayed": _at(WARNING, "a unit was in nobody's hands and is done now", "gateway units list"),
        "units.pruned": _at(INFO, "units done long ago were forgotten"),
        "job.failed": _at(ERROR, "what the clock brings met a defect", "gateway health"),
        "database.restored": _at(ERROR, "the database is a copy of earlier days", "gateway holds list"),
        # our own SFTP server
        "sftp.listening": _at(INFO, "the SFTP server listens", "gateway sftp show"),
        "sftp.failed": _at(ERROR, "the SFTP server ended; it is started again", "gateway sftp show"),
        "sftp.login": _at(INFO, "a partner logged in"),
        "sftp.refused": _at(WARNING, "somebody could not log in", "gateway sftp show"),
        "sftp.banned": _at(WARNING, "an address failed too often and is shut out for a time", "gateway sftp show"),
        "sftp.turned_away": _at(WARNING, "a connection was not let in", "gateway sftp show"),
        "sftp.put": _at(INFO, "a partner put a file"),
        "sftp.renamed": _at(INFO, "a partner renamed a file"),
        "sftp.fetched": _at(INFO, "a partner fetched a file"),
        "sftp.removed": _at(INFO, "a partner removed a file"),
        "sftp.cut": _at(INFO, "an upload broke off; its part is not taken"),
        "sftp.not_noted": _at(ERROR, "what happened at the SFTP server could not be noted", "gateway health"),
    }
)  # fmt: skip
"""Every event by its name, as the log writes it; nothing else is ever said."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "ts": "the moment, UTC, as ISO 8601",
        "level": "`info`, `warning` or `error`",
        "event": "the name of the table above",
        "trace_id": "what `gateway trace` finds it by: the receipt of the file; of what no file brought, our order number or the id of the dispatch",
        "partner": "the name of the partner file",
        "document": "the canonical document, or the X12 set of what leaves",
        "po_number": "the purchase order",
        "control_number": "ISA13, or the number of a file that is no X12",
        "file": "the name of the file, made harmless",
        "state": "how it stands now",
        "duration_s": "how long it took, in seconds",
        "code": "of the [catalogue](codes.md); `gateway holds list` shows the same",
        "order": "our number of the order",
        "kind": "which kind of the event",
        "error": "what is wrong, as a sentence",
        "next_step": "what to do about it",
        "channel": "the channel, as `gateway channels list` names it",
        "reference": "what it is about: a number, a row, a control number",
        "what": "the events of an order",
        "earlier": "the receipt that had the same before",
        "size": "bytes", "bytes": "bytes",
        "files": "how many files", "count": "how many", "values": "how many values",
        "counters": "how many counters", "left": "how many had left", "changes": "how many alerts it tells of",
        "done": "what was done with what came again", "same_content": "whether the content was the same",
        "slice": "which part of a big file", "of": "of how many",
        "hold": "the id of the hold", "alert": "the id of the alert", "notice": "the id of the notice",
        "severity": "how bad an alert is", "reason": "why", "note": "what somebody said to it",
        "route": "the route of `alerts.routes`",
        "failures": "how often in a row", "retry_at": "when it is tried again", "until": "for how long",
        "worker": "the process, as `gateway workers` names it", "version": "the version of the units of work",
        "unit": "the unit of work", "key": "the key of the unit", "attempt": "which try", "deaths": "how many processes died at it",
        "setting": "the setting, as `gateway config show` names it", "changed": "the files of the configuration that changed",
        "job": "what the clock brings", "defect": "the class and text of a defect of the program",
        "folder": "the folder", "user": "who logs in", "address": "from where, or where it listens",
        "host_key": "our host key", "fingerprint": "of our host key",
    }
)  # fmt: skip
"""Every field that a line can have."""
FIRST = (
    "ts", "level", "event", "trace_id", "partner", "document", "po_number", "control_number", "file", "state",
    "duration_s", "code",
)  # fmt: skip
"""The fields that mean the same in every line, in the order in which they stand."""
