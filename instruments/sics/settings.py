# SPDX-License-Identifier: Apache-2.0
"""The settings of an MT-SICS balance that would falsify a slow infusion, asked for at open and never changed.

Auto zero (`M03`) swallows slow flow near zero. Automatic adjustment moves the value in mid-run: by time (`M17`), by
temperature (`M18`), or as a whole (`C0`, asked only where the balance knows it). A tare that outlives a power failure
(`M49`) is no witness of a restart. What the balance does not tell counts as unfit unless the person accepts it.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363, 12/2018.
"""

from dataclasses import dataclass

from groundfloor.errors import BenchFault
from instruments.sics.dialogue import SicsDialogue
from instruments.sics.reply import NotAReply, is_unknown_command, parse_accepted

_UNITS = {"0": "g", "1": "kg", "3": "mg"}
_UNVERIFIED = "check it at the terminal, then write accept_unverified_settings = true in [balance] of the bench file"


@dataclass(frozen=True)
class SicsSettings:
    """What was found: the host unit (empty if the balance does not tell) and whether a restart clears the tare."""

    host_unit: str
    tare_is_volatile: bool


@dataclass(frozen=True)
class _Switch:
    command: str
    name: str
    parameter: int
    how_to_switch_off: str
    must_be_known: bool = True


_TRIES = 3
_SWITCHES = (
    _Switch("M03", "auto zero", 0, "send M03 0"),
    _Switch("M17", "automatic adjustment by time (ProFACT)", -1, "send M17 00 00 00 0"),
    _Switch("M18", "automatic adjustment by temperature (ProFACT/FACT)", 0, "send M18 0"),
    _Switch("C0", "automatic adjustment", 0, "send C0 0 0", must_be_known=False),
)


def refuse_unfit_settings(dialogue: SicsDialogue, *, asset: str, accept_unverified: bool) -> SicsSettings:
    """Ask for the settings and return what the driver must know of them.

    Raises:
        BenchFault: auto zero or automatic adjustment is on, the host unit is none of g, kg, mg, or the balance does not
            tell and `accept_unverified` is not set.
    """
    for switch in _SWITCHES:
        _refuse_if_on(switch, _ask(dialogue, asset, switch.command), asset, accept_unverified)
    permanent_tare = _ask(dialogue, asset, "M49")
    return SicsSettings(
        _host_unit(_ask(dialogue, asset, "M21"), asset, accept_unverified),
        tare_is_volatile=permanent_tare is None or permanent_tare[-1][0] == "0",
    )


def _ask(dialogue: SicsDialogue, asset: str, command: str) -> list[tuple[str, ...]] | None:
    """Return the parameters of each line of the answer, or None if the balance does not tell (`ES`, `I`, `L`)."""
    lines = _answer(dialogue, command.encode())
    try:
        answer = [parse_accepted(line, command)[1] for line in lines]
    except NotAReply as error:
        if is_unknown_command(lines[-1]) or lines[-1] in (f"{command} I\r\n".encode(), f"{command} L\r\n".encode()):
            return None
        raise BenchFault(asset, command, f"answered {lines!r}", "see that nobody else uses this line") from error
    return answer if all(answer) else None


def _answer(dialogue: SicsDialogue, command: bytes) -> list[bytes]:
    """Ask again for what is refused: a command that was damaged on its way is as unknown as one that is not known."""
    for _ in range(_TRIES - 1):
        lines = dialogue.ask_lines(command)
        if lines[-1] not in (b"ES\r\n", b"ET\r\n"):
            return lines
    return dialogue.ask_lines(command)


def _refuse_if_on(switch: _Switch, answer: list[tuple[str, ...]] | None, asset: str, accept_unverified: bool) -> None:
    if answer is None:
        if switch.must_be_known and not accept_unverified:
            raise BenchFault(
                asset, f"check {switch.name}", f"the balance does not answer {switch.command}", _UNVERIFIED
            )
    elif answer[-1][switch.parameter] != "0":
        raise BenchFault(
            asset,
            f"check {switch.name}",
            f"{switch.name} is on ({switch.command} {' '.join(answer[-1])})",
            f"switch it off at the terminal or {switch.how_to_switch_off}, then open again",
        )


def _host_unit(answer: list[tuple[str, ...]] | None, asset: str, accept_unverified: bool) -> str:
    codes = [line[1] for line in answer or () if len(line) > 1 and line[0] == "0"]
    if len(codes) != 1:
        if accept_unverified:
            return ""
        raise BenchFault(asset, "check the host unit", f"M21 is answered by {answer}", _UNVERIFIED)
    if codes[0] not in _UNITS:
        raise BenchFault(asset, "check the host unit", f"it is code {codes[0]}", "set it to g: send M21 0 0")
    return _UNITS[codes[0]]
