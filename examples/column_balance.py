# SPDX-License-Identifier: Apache-2.0
r"""A balance dialect: a made-up balance that answers `W` with `W +00059.97012 g S` and names itself at `N`.

    [plugins.balance]
    column = "plugins/column_balance.py:DIALECT"

`python column_balance.py 4711` serves a twin of it, for

    pumpbench conformance balance column_balance.py:DIALECT --address TCPIP::127.0.0.1::4711::SOCKET --mass-g 59.97
"""

import re
import socketserver
import sys
from contextlib import suppress
from decimal import Decimal

from instruments.balances.dialect import Dialect, Fact, Inquiry, Step
from instruments.balances.weight_line import NotALine, Trouble, WeightLine, answer_reader

PUMPBENCH_INTERFACE = 1
_WEIGHT = re.compile(rb"[WM] ([+-]\d{5}\.\d{5}) (g|mg|kg) ([SD])\r\n")


def read_weight(line: bytes) -> WeightLine:
    """Read a whole line as a weight; whatever is none is refused, never guessed."""
    if line == b"W HIGH\r\n":
        return WeightLine(trouble=Trouble.OVERLOAD)
    if line == b"W LOW\r\n":
        return WeightLine(trouble=Trouble.UNDERLOAD)
    found = _WEIGHT.fullmatch(line)
    if found is None:
        raise NotALine(f"no weight of a column balance: {line!r}")
    return WeightLine(Decimal(found[1].decode()), found[2].decode(), found[3] == b"S", len(line))


def read_step(line: bytes) -> Step | Trouble | None:
    """Read a line as the acknowledgement of tare or zero."""
    if line == b"DONE\r\n":
        return Step.DONE
    return Trouble.NOT_NOW if line == b"BUSY\r\n" else None


DIALECT = Dialect(
    word="column",
    name="column balance",
    weigh=b"W",
    read_weight=read_weight,
    tare=b"T",
    zero=b"Z",
    recognises=lambda line: line.startswith(b"W ") and _WEIGHT.fullmatch(line) is not None,
    inquiries={
        Fact.MODEL: Inquiry(b"N", answer_reader(rb"N (\S+)\r\n")),
        Fact.FIRMWARE_VERSION: Inquiry(b"F", answer_reader(rb"F (\S+)\r\n")),
        Fact.SERIAL_NUMBER: Inquiry(b"I", answer_reader(rb"I (\S+)\r\n")),
    },
    read_step=read_step,
    confirms=True,
    tare_memory=b"M",
    read_tare_memory=read_weight,
)


class Twin(socketserver.StreamRequestHandler):
    """The balance itself, as far as its wire shows it; all connections share one pan."""

    load_g = Decimal("59.97012")
    tare_g = Decimal("0.00000")

    def handle(self) -> None:
        """Answer line by line."""
        with suppress(ConnectionError):  # whoever asked is gone
            for line in self.rfile:
                self.wfile.write(self.answer(line.strip()))

    def answer(self, word: bytes) -> bytes:
        """Return the answer to one command."""
        kind = type(self)
        match word:
            case b"W":
                return f"W {kind.load_g - kind.tare_g:+012.5f} g S\r\n".encode()
            case b"M":
                return f"M {kind.tare_g:+012.5f} g S\r\n".encode()
            case b"T":
                kind.tare_g = kind.load_g
                return b"DONE\r\n"
            case b"Z":
                kind.tare_g = Decimal("0.00000")
                return b"DONE\r\n"
            case b"N":
                return b"N COLUMN-220-twin\r\n"
            case b"F":
                return b"F 1.0-twin\r\n"
            case b"I":
                return b"I C0001\r\n"
            case _:
                return b"?\r\n"


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Twin) as server:
        server.daemon_threads = True
        server.serve_forever()
