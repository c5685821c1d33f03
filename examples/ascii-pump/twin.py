# SPDX-License-Identifier: Apache-2.0
"""The twin of the ASCII pump: `python examples/ascii-pump/twin.py bench.toml [DEFECT …]` serves it until Ctrl-C.

Rig and balance are those of any twin, around the same physics. The pump speaks lines on a port of its own.
"""

import asyncio
import io
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

from bench.simulated_bench import simulated_bench
from instruments.simulated.twin.process import TwinProcess
from instruments.simulated.twin.twin import Twin
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.twin_addresses import TwinAddresses

HERE = Path(__file__).resolve().parent
MAP = str(HERE.parent / "twelve-registers" / "map.toml")
"""What the simulated firmware can be told: one rate, and commands."""
STATUS = {
    "CLK": "device_clock_s",
    "STA": "state",
    "RAT": "active_rate_ul_per_h",
    "VOL": "delivered_volume_ul",
    "SET": "active_steps[0].rate_ul_per_h",
    "NUM": "command_done_sequence",
    "RES": "command_result",
}


class AsciiServer:
    """Answers lines from the registers of a twin's pump."""

    def __init__(self, twin: Twin) -> None:
        self._pump = twin.pump

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each line of one connection that has its checksum; be silent to any other."""
        with suppress(ConnectionError):  # whoever asked broke it off, as `pumpbench conformance` does: the twin goes on
            while line := await reader.readline():
                text, _, checksum = line.decode("ascii", "replace").strip().rpartition("*")
                if f"{sum(text.encode()) % 256:02X}" != checksum or not text.startswith(">"):
                    continue
                tag, _, request = text[1:].partition(" ")
                reply = f"<{tag} {self.answer(request)}"
                writer.write(f"{reply}*{sum(reply.encode()) % 256:02X}\r\n".encode())
                await writer.drain()
        writer.close()

    def answer(self, request: str) -> str:
        """Return the reply to one request."""
        verb, *words = request.split(" ")
        try:
            if verb == "ID":
                told = self._pump.read(["model", "serial_number", "firmware_version"])
                return ",".join(map(str, told.values()))
            if verb == "STATUS":
                return self._status()
            if verb == "RATE":
                self._pump.write({"steps[0].rate_ul_per_h": float(words[0])})
                return f"{float(str(self._pump.read(['steps[0].rate_ul_per_h'])['steps[0].rate_ul_per_h'])):.4f}"
            if verb == "DO":
                self._pump.write({"command": words[1], "command_sequence": int(words[0])})
                return str(self._pump.read(["command_result"])["command_result"])
        except (ValueError, IndexError):
            pass
        return "ERROR"

    def _status(self) -> str:
        values = self._pump.read([*STATUS.values(), "alarm_bits"])
        alarms = values["alarm_bits"]
        names = ",".join(sorted(alarms)) if isinstance(alarms, frozenset) else ""
        return " ".join([*(f"{word}={values[name]}" for word, name in STATUS.items()), f"ALM={names}"])


async def serve(bench_file: Path, defects: tuple[str, ...]) -> None:
    """Serve pump, rig and balance, and write the bench file that leads to them."""
    options = TwinOptions(defects=defects, map=MAP)
    twin = Twin.assemble(options.model, options.seed, defects, pump_map=MAP)
    server = await asyncio.start_server(AsciiServer(twin).serve, options.host, 0)
    port = server.sockets[0].getsockname()[1]
    told = io.StringIO()
    with redirect_stdout(told):
        serving = asyncio.ensure_future(TwinProcess(twin, options).serve())
        while not told.getvalue() and not serving.done():
            await asyncio.sleep(0.01)
    bench = simulated_bench(TwinAddresses.from_json(told.getvalue()))
    access = {"driver": f"{HERE / 'driver.py'}:AsciiPumpDriver", "address": f"socket://{options.host}:{port}"}
    bench.model_copy(update={"pump": bench.pump.model_copy(update=access)}).write(bench_file)
    sys.stdout.write(f"{bench_file}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), tuple(sys.argv[2:])))
