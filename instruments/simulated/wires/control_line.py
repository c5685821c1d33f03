# SPDX-License-Identifier: Apache-2.0
"""The control line: the bench's way to ask for the twin's time and to move it.

One line of text per request and one per reply, ended by LF; instants are whole microseconds of twin time.

    HELLO           PUMPBENCH-TWIN 1 mode=stepped speed=1 seed=1 model=implantable-20ml
    NOW             T 0
    ADV 30000000    T 30000000      everything up to there has run, in order
    ADV 5           E ADV 5: it is 30000000 already, time does not go back
"""

from instruments.simulated.time.twin_time import TimeRefused, TwinTime
from instruments.simulated.wires.tcp_line import TcpLine
from instruments.simulated.wires.tcp_port import TcpPort

LONGEST_LINE = 1024
PROTOCOL_VERSION = 1


class ControlLineServer:
    """Serves the control line to any number of clients.

    Args:
        time: what is asked and moved.
        greeting: facts told by HELLO, in this order; values without blanks.
    """

    def __init__(self, time: TwinTime, greeting: dict[str, str]) -> None:
        self._time = time
        facts = " ".join(f"{name}={value}" for name, value in greeting.items())
        self._hello = f"PUMPBENCH-TWIN {PROTOCOL_VERSION} {facts}"
        self._port: TcpPort | None = None

    async def listen(self, host: str, port: int) -> int:
        """Serve on a TCP port and return its number; port 0 takes a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        self._port = TcpPort(host, port, self._serve)
        return self._port.number

    async def close(self) -> None:
        """Close the port and every connection."""
        if self._port is not None:
            self._port.close()

    def answer(self, request: bytes) -> str:
        """Return the reply to one request line, given and returned without its line end."""
        if request.startswith(b"ADV "):
            return self._advance(request)
        if request == b"NOW":
            self._time.catch_up()
            return f"T {self._time.now_us()}"
        if request == b"HELLO":
            return self._hello
        return f"E {_printable(request)}: not a request; there are HELLO, NOW and ADV <microseconds>"

    def _advance(self, request: bytes) -> str:
        digits = request[4:]
        if not digits.isdigit() or len(digits) > 18:
            return f"E {_printable(request)}: ADV takes one instant in whole microseconds"
        try:
            self._time.step_to_us(int(digits))
        except TimeRefused as refusal:
            return f"E {_printable(request)}: {refusal}"
        return f"T {self._time.now_us()}"

    def _serve(self, line: TcpLine) -> None:
        pending = b""

        def take(data: bytes) -> None:
            nonlocal pending
            *requests, pending = (pending + data).split(b"\n")
            if requests:
                line.write("".join(f"{self.answer(request)}\n" for request in requests).encode())
            if len(pending) > LONGEST_LINE:
                line.write(b"E the line has no end\n")
                line.hang_up()

        line.received = take


def _printable(request: bytes) -> str:
    return ascii(request[:40].decode("latin-1"))[1:-1]
