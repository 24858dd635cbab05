"""Ask a server of a partner for files: each is claimed in our tables, fetched, received, and only then let go of there.

What a crash or a cut connection left is taken up first, wherever it stopped: a claim is fetched on, a file that is ours
is removed or moved. So a file is taken once, and is never gone from the server before it is ours (reliability 1).
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from gateway.exchange.channels import Channel, ChannelHealth
from gateway.exchange.receipt import MARKER_PATIENCE, Refusal, Seen
from gateway.exchange.remote import RemoteFile, RemoteListing, RemoteLook, RemoteState
from gateway.flows import poll_states, receive, remote_holds, remote_memory
from gateway.flows.fetched import Fetched, is_sure
from gateway.flows.file_ports import Remote
from gateway.flows.poll_states import DOWN
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import (
    ChannelDownError,
    ChannelStoppedError,
    DiskError,
    StoppingError,
    StoreError,
    TransportError,
)
from gateway.kernel.ids import ClaimId, ReceiptId

log = structlog.get_logger()
LOOK_AGAIN = 1.1
"""Seconds between the two looks that a file must pass unchanged. Servers tell times in whole seconds: after more than one,
what is written into the file later shows in its time, so a file that still looks as it did is the one that was fetched."""
AT_MOST = 64_000_000
"""Bytes that are fetched before what was fetched is received."""
COPIES = 2
"""So often a file is on our disk until it is received: as it was fetched, and in the archive."""
DELETE, LEAVE = "delete", "leave"
ASK_AGAIN = "When it is mended, 'gateway partner test' lets it be used again."


@dataclass(frozen=True, slots=True)
class Asking:
    """One channel that is asked, and how. ``folder`` is ours, for what is being fetched; ``unfinished`` looks at content.

    ``fits`` says why so many bytes more are not to be written to our disk; empty when they may.
    """

    channel: Channel
    connect: Callable[[], Remote]
    folder: Path
    unfinished: Callable[[Path], bool]
    every: timedelta
    limit: int
    after: str = DELETE
    moves_to: str = ""
    stable: timedelta | None = None
    grace: timedelta = timedelta()
    look_again: float = LOOK_AGAIN
    remembered: timedelta = remote_memory.REMEMBERED
    fits: Callable[[int], str] = lambda _more: ""


def poll(bench: Workbench, ask: Asking) -> int:
    """Take what is there and say how many files; what failed is noted at the channel, told where it lasts, and raised.

    That our disk is full, or this process is to end, is no fault of the channel.
    """
    key = ask.channel.key
    with bench.alone(f"poll:{key}") as alone:
        if not alone:
            return 0
        with bench.store.unit() as work:
            before = work.channels.state(ask.channel)
        if before.health is ChannelHealth.STOPPED:
            raise ChannelStoppedError(f"{key} is stopped: {before.reason}", code=before.code, next_step=ASK_AGAIN)
        try:
            with closing(ask.connect()) as remote:
                taken = _taken(_Poll(bench, ask, remote), before.last_ok)
        except (StoppingError, StoreError):
            raise
        except DiskError as error:
            poll_states.waits_for_disk(bench, ask.channel, ask.every, error)
            raise
        except TransportError as error:
            poll_states.failed(bench, ask.channel, ask.every, error)
            raise
        except Exception as error:
            defect = TransportError(f"This is a defect of the gateway: {type(error).__name__}: {error}", code=DOWN)
            poll_states.failed(bench, ask.channel, ask.every, defect)
            raise
        poll_states.went_well(bench, ask.channel, ask.every)
        return taken


def _taken(one: "_Poll", last: datetime | None) -> int:
    """Do it; once a day what is long gone is forgotten. What an error of the disk says, it says of ours."""
    try:
        taken = one.take()
        if last is None or last.date() != one.bench.wall().date():
            remote_memory.forget(
                one.bench, one.ask.channel, one.listing, one.ask.remembered, stays=one.ask.after == LEAVE
            )
    except OSError as error:
        raise _disk(one.ask, error) from error
    return taken


@dataclass(slots=True)
class _Poll:
    """One poll, over one connection; ``kept`` is why a file that is ours could not be removed or moved there.

    ``listing`` is how the folder looked last; of the files in it ``unread`` could not be read before.
    """

    bench: Workbench
    ask: Asking
    remote: Remote
    kept: TransportError | None = None
    listing: RemoteListing = field(default_factory=RemoteListing)
    unread: set[str] = field(default_factory=set)

    def take(self) -> int:
        """Take up what was left, then take what is new."""
        self.ask.folder.mkdir(parents=True, exist_ok=True)
        left = self._left()
        self._let_go([each for each in left if each.state is RemoteState.TAKEN])
        taken = self._take([each for each in left if each.state is RemoteState.CLAIMED])
        looks = self._ready()
        most = self.bench.site.settings.run.batch_files
        for at in range(0, len(looks), most):
            taken += self._take(self._claimed(looks[at : at + most]))
        if self.kept is not None:
            raise ChannelDownError(f"{self.kept.sentence} It is not taken again.", code=DOWN, next_step=_RIGHTS)
        if self.ask.after == LEAVE and not self.listing.is_whole:
            raise ChannelDownError(_MANY.format(len(self.listing.names)), code=DOWN, next_step=_TIDY)
        return taken

    def _left(self) -> list[RemoteFile]:
        """What is claimed or taken; a claim whose receipt is written is taken, however far we came to say so."""
        with self.bench.store.unit() as work:
            found = work.remote.open(self.ask.channel.key)
            written = [each for each in found if each.state is RemoteState.CLAIMED and _receipt(work, each)]
            for each in written:
                self._bring_on(work, each, RemoteState.TAKEN)
            work.commit()
        for each in written:
            self._path(each).unlink(missing_ok=True)
        return [replace(each, state=RemoteState.TAKEN) if each in written else each for each in found]

    def _ready(self) -> list[RemoteLook]:
        """What is new there and stands still; what else is there and is not taken is listed."""
        self.listing = self.remote.listing()
        wanted, large = self._wanted(self.listing.files)
        if wanted:
            time.sleep(self.ask.look_again)
            self.listing = self.remote.listing()
            second = {each.raw_name: each.signature for each in self.listing.files}
            wanted = [each for each in wanted if second.get(each.raw_name) == each.signature]
        seen = self._observed(wanted)
        late = [
            Refusal(each.name, "F-MARKER", each.why)
            for each in self.listing.waiting
            if self.bench.clock() - seen[each.name].since >= MARKER_PATIENCE
        ]
        refused = [*self.listing.refused, *large, *late]
        self.unread = remote_holds.told(self.bench, self.ask.channel, self.listing, refused)
        stable, now = self.ask.stable, self.bench.wall()
        return [each for each in wanted if stable is None or now - seen[each.name].observed >= stable]

    def _wanted(self, looks: Sequence[RemoteLook]) -> tuple[list[RemoteLook], list[Refusal]]:
        """Those that we do not have; apart from them those that are too large."""
        with self.bench.store.unit() as work:
            known = work.remote.known(self.ask.channel.key, [each.name for each in looks])
        wanted, large = list[RemoteLook](), list[Refusal]()
        for each in looks:
            seen = known.get((each.name, each.signature))
            if seen is not None and (seen.state in _OPEN or (seen.state is _DONE and self.ask.after == LEAVE)):
                continue
            if each.size > self.ask.limit:
                sentence = f"{each.name} has {each.size} bytes; at most {self.ask.limit} are taken."
                large.append(Refusal(each.name, "F-TOO-LARGE", sentence))
                continue
            wanted.append(each)
        return wanted, large

    def _observed(self, wanted: Iterable[RemoteLook]) -> Mapping[str, Seen]:
        """Since when what has to wait looks as it does, all of it in one transaction."""
        waiting = {each.name: each.signature for each in self.listing.waiting}
        if self.ask.stable is not None:
            waiting |= {each.name: each.signature for each in wanted}
        elif not waiting:
            return {}
        with self.bench.store.unit() as work:
            key, now, observed = self.ask.channel.key, self.bench.clock(), self.bench.wall()
            seen = work.exchange.observe_all(key, waiting, now, observed=observed)
            work.commit()
        return seen

    def _claimed(self, looks: Sequence[RemoteLook]) -> list[RemoteFile]:
        """Note that we take these, before anything of them is fetched."""
        files = [
            RemoteFile(
                self.ask.channel.key, each.name, each.signature, each.size, self.bench.clock(),
                claim=ClaimId(self.bench.new_id()), raw_name=_raw(each),
            )
            for each in looks
        ]  # fmt: skip
        with self.bench.store.unit() as work:
            mine = [each for each in files if work.remote.add(each) or work.remote.again(each)]
            work.commit()
        for _ in mine:
            self.bench.mark("remote-claimed")
        return mine

    def _take(self, files: Sequence[RemoteFile]) -> int:
        """Fetch, receive and let go of files; what was fetched is ours even when the connection breaks on the way."""
        taken, some, size = 0, list[tuple[RemoteFile, Fetched]](), 0
        try:
            for each in files:
                self._refuse_when_full(each)
                found = self._fetched(each)
                if found is None:
                    continue
                some.append((each, found))
                size += each.size
                if size >= AT_MOST:
                    taken, some, size = taken + self._received(some), [], 0
        except (ChannelDownError, DiskError, StoppingError):
            self._receive(some)
            raise
        return taken + self._received(some)

    def _refuse_when_full(self, file: RemoteFile) -> None:
        if full := self.ask.fits(COPIES * file.size):
            raise DiskError(f"{file.name} stays on the server: {full}")

    def _received(self, some: Sequence[tuple[RemoteFile, Fetched]]) -> int:
        files = self._receive(some)
        self._let_go(files)
        return len(files)

    def _receive(self, some: Sequence[tuple[RemoteFile, Fetched]]) -> list[RemoteFile]:
        """Into the archive and the tables; from then on they are taken."""
        done = set(receive.receive_all(self.bench, [fetched for _, fetched in some]))
        files = [file for file, fetched in some if ReceiptId(fetched.claim) in done]
        if files:
            with self.bench.store.unit() as work:
                for each in files:
                    self._bring_on(work, each, RemoteState.TAKEN)
                work.commit()
        remote_holds.read(self.bench, self.ask.channel, self.unread & {each.name for each in files})
        for _ in files:
            self.bench.mark("remote-taken")
        return files

    def _fetched(self, file: RemoteFile) -> Fetched | None:
        """The whole file as it was claimed, on our disk; None when it changed, is gone, or cannot be read."""
        look, claim = _look(file), _claim(file)
        path = self._path(file)
        try:
            size = self._fetch(look, path)
            now = self.remote.look(look)
        except (ChannelDownError, StoppingError):
            raise
        except TransportError as error:
            if self.remote.look(look) is not None:
                remote_holds.unreadable(self.bench, self.ask.channel, file.name, error.sentence)
            now, size = None, -1
        if size != file.size or (now is not None and now.signature != file.signature):
            log.info("file.changed", channel=file.channel, file=file.name)
            self._refuse(file, path)
            return None
        if self._cut_off(file, path):
            return None
        self.bench.mark("remote-fetched")
        return Fetched(claim, self.ask.channel.partner, file.name, file.channel, path)

    def _fetch(self, look: RemoteLook, path: Path) -> int:
        """Go on where we were; how many bytes we have then, on disk."""
        with path.open("ab") as to:
            if to.tell() > look.size or not is_sure(path):
                to.truncate(0)
                to.seek(0)
            self.remote.fetch(look, to, start=to.tell())
            to.flush()
            os.fsync(to.fileno())
            return to.tell()

    def _cut_off(self, file: RemoteFile, path: Path) -> bool:
        """Whether it visibly lacks its end and may still get it."""
        return self.bench.clock() - file.at < self.ask.grace and self.ask.unfinished(path)

    def _path(self, file: RemoteFile) -> Path:
        return self.ask.folder / f"{_claim(file)}.part"

    def _refuse(self, file: RemoteFile, path: Path) -> None:
        path.unlink(missing_ok=True)
        with self.bench.store.unit() as work:
            self._bring_on(work, file, RemoteState.REFUSED)
            work.commit()

    def _let_go(self, files: Iterable[RemoteFile]) -> None:
        """Remove, move or leave there what is ours; one that cannot be is told, and tried again with the next poll."""
        done: list[RemoteFile] = []
        try:
            for each in files:
                try:
                    self._act_after(each)
                except (ChannelDownError, StoppingError):
                    raise
                except TransportError as error:
                    self.kept = error
                else:
                    self.bench.mark("remote-removed")
                    done.append(each)
        finally:
            self._done(done)

    def _act_after(self, file: RemoteFile) -> None:
        if self.ask.after == LEAVE:
            return
        look = _look(file)
        now = self.remote.look(look)
        if now is None or now.signature != file.signature:
            return  # gone, or another file by now
        if self.ask.after == DELETE:
            self.remote.remove(look)
        else:
            self.remote.move(look, self.ask.moves_to)

    def _done(self, files: Sequence[RemoteFile]) -> None:
        if not files:
            return
        with self.bench.store.unit() as work:
            for each in files:
                self._bring_on(work, each, RemoteState.DONE)
            work.commit()

    def _bring_on(self, work: UnitOfWork, file: RemoteFile, state: RemoteState) -> None:
        receipt = ReceiptId(_claim(file)) if state is RemoteState.TAKEN else None
        work.remote.bring_on(_claim(file), state, at=self.bench.clock(), receipt=receipt)


_RIGHTS = "Ask the partner to let our user remove files there, or write 'after: leave' in the partner file."
_MANY = "More than {} names are in the folder; a file behind them is not seen."
_TIDY = "Ask the partner to tidy up there, or write 'after: delete' in the partner file."
_DONE = RemoteState.DONE
_OPEN = frozenset({RemoteState.CLAIMED, RemoteState.TAKEN})


def _disk(ask: Asking, error: OSError) -> DiskError:
    return DiskError(
        f"Nothing is fetched: {ask.folder} cannot be written: {error.strerror}.", code="T-DISK",
        next_step="Look at the disk; what is on the server stays there until then.",
    )  # fmt: skip


def _receipt(work: UnitOfWork, file: RemoteFile) -> bool:
    return work.exchange.receipt(ReceiptId(_claim(file))) is not None


def _claim(file: RemoteFile) -> ClaimId:
    if file.claim is None:
        raise ValueError(f"{file.name} was never claimed")
    return file.claim


def _raw(look: RemoteLook) -> bytes | None:
    return None if look.name.encode() == look.raw_name else look.raw_name


def _look(file: RemoteFile) -> RemoteLook:
    """What is asked of the server about a file that we have noted."""
    changed = int(file.signature.partition(":")[2])
    return RemoteLook(file.name, file.raw_name or file.name.encode(), file.size, changed)
