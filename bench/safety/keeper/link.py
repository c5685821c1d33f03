# SPDX-License-Identifier: Apache-2.0
"""The bench's end of the pipe to its keeper."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

from bench.bench_file import BenchFile
from bench.clock import Clock, ClockMode
from bench.safety.keeper.message import KeeperMessage, StartMessage
from groundfloor.errors import BenchFault
from groundfloor.system.own_group import detached
from groundfloor.system.pipe_listener import PipeListener
from groundfloor.system.pipe_speaker import PipeSpeaker
from groundfloor.wall_clock import Deadline, monotonic_s

COMMAND = (sys.executable, "-P", "-m", "bench.safety.keeper")
"""`-P`: a file in the present folder that bears the name of a module must not become a part of the keeper."""
LOG = "keeper.jsonl"
READY = b"ready\n"
START_LIMIT_S = 30.0
END_LIMIT_S = 5.0
ANSWER_LIMIT_S = 10.0
"""A keeper answers in milliseconds, or whenever a busy machine lets it; one that is stopped never does."""
GRACE_S = 1.0
"""A machine that was frozen as a whole may let the bench run first."""


class KeeperLink:
    """A running keeper.

    Attributes:
        pid: its process id.
        armed: whether it expects heartbeats, or would if time were not stepped.
    """

    def __init__(self, process: subprocess.Popen[bytes], clock: Clock) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.pid = process.pid
        self.armed = False
        self._process = process
        self._clock = clock
        self._pipe = PipeSpeaker(process.stdin)  # a keeper that hangs must not hold the bench up
        self._answers = PipeListener(process.stdout.fileno())
        self._unanswered = 0
        self._waits_since_s = 0.0

    @classmethod
    def start(cls, file: BenchFile, clock: Clock, fencing_token: int, session: int, folder: Path | None) -> Self:
        """Start a keeper of `file` that writes its log into `folder`; it is ready when this returns.

        Raises:
            BenchFault: it does not start.
        """
        log = folder.absolute() / LOG if folder is not None else None
        start_message = StartMessage(file=file, fencing_token=fencing_token, session=session, log=log)
        try:
            process = _started(start_message)
        except OSError as refused:  # no process more, no file more, no interpreter any more
            next_step = "see that this computer has room for one process more; nothing was moved"
            raise BenchFault("keeper", "start", str(refused), next_step) from refused
        return cls(process, clock)

    def arm(self, timeout_s: int) -> None:
        """Let it act when no heartbeat comes for `timeout_s` of bench time; 0 lets it only wait for the bench's end.

        Stepped time has nothing to do with the machine's, so there the keeper only waits for the end.

        Raises:
            BenchFault: the keeper is gone, or does not answer that it has heard it.
        """
        self.armed = timeout_s > 0
        if not self.armed:
            self._send(KeeperMessage(says="disarmed"))
        elif self._clock.mode is not ClockMode.STEPPED:
            self._send(KeeperMessage(says="armed", within_s=timeout_s / self._clock.speed))
            self._await_answers(ANSWER_LIMIT_S)  # nothing moves before the keeper is known to listen

    def send_heartbeat(self) -> None:
        """Say that the bench is alive.

        Raises:
            BenchFault: the keeper is gone or hangs; nobody would stop the pump in the bench's place.
        """
        if self._clock.mode is not ClockMode.STEPPED:
            self._send(KeeperMessage(says="heartbeat"))

    def sign_off(self) -> None:
        """Tell it that the bench was left safe, and wait until it has ended."""
        self._send(KeeperMessage(says="signed_off"))
        self.let_go()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired as hangs:
            raise BenchFault("keeper", "end", f"process {self.pid} did not", "end it by hand") from hangs

    def let_go(self) -> None:
        """Close the pipe; without having signed off, that calls the keeper to the bench."""
        self._pipe.close()
        assert self._process.stdout is not None
        self._answers.close(self._process.stdout)
        self._process.poll()  # one that has ended is buried

    def _send(self, message: KeeperMessage) -> None:
        line = message.model_dump_json().encode() + b"\n"
        try:
            all_of_it = self._pipe.say(line)
        except OSError as gone:
            raise self._lost(str(gone)) from gone
        if not all_of_it:
            raise self._lost(_READS_NOTHING)
        self._count_answers(0.0)
        if not self._unanswered:
            self._waits_since_s = monotonic_s()
        self._unanswered += 1
        if monotonic_s() - self._waits_since_s > ANSWER_LIMIT_S:
            self._await_answers(GRACE_S)

    def _await_answers(self, limit_s: float) -> None:
        """Wait until all that was said is answered, for `limit_s` at most.

        Raises:
            BenchFault: it is not.
        """
        deadline = Deadline(limit_s)
        while self._unanswered:
            if not self._count_answers(deadline.remaining_s()):
                raise self._lost(_READS_NOTHING)

    def _count_answers(self, timeout_s: float) -> bool:
        """Take the answers that came, or come within `timeout_s`; tell whether there were any."""
        answers = self._answers.read() if self._answers.comes_within(timeout_s) else b""
        self._unanswered -= len(answers)
        return bool(answers)

    def _lost(self, seen: str) -> BenchFault:
        next_step = "find out who ended it; without it nobody stops the pump when the bench dies"
        return BenchFault("keeper", f"talk to process {self.pid}", seen, next_step)


def _started(start_message: StartMessage) -> subprocess.Popen[bytes]:
    with tempfile.TemporaryFile() as errors:  # no pipe: its end would stay open for as long as the keeper lives
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, **detached()
        )
        assert process.stdin is not None
        try:
            process.stdin.write(start_message.model_dump_json().encode() + b"\n")
            process.stdin.flush()
            _wait_until_ready(process)
        except (OSError, ValueError) as trouble:
            process.kill()
            process.communicate()
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip()[-400:]
            raise BenchFault("keeper", "start", f"{trouble}; it wrote: {said or 'nothing'}", "see why") from trouble
    return process


_READS_NOTHING = "it reads nothing any more"


def _wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    deadline, received = Deadline(START_LIMIT_S), b""
    pipe = PipeListener(process.stdout.fileno())
    while not received.endswith(b"\n"):
        if not pipe.comes_within(deadline.remaining_s()):
            raise ValueError(f"not ready within {deadline.limit_s:g} s")
        piece = pipe.read()
        if not piece:
            raise ValueError("it ended before it was ready")
        received += piece
    if received != READY:
        raise ValueError(f"it said {received[:80]!r}")
