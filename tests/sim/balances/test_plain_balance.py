# SPDX-License-Identifier: Apache-2.0
"""The contract of a balance, in each dialect of plain lines, over real sockets and byte by byte."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from groundfloor.errors import BenchFault, NoAnswer
from instruments.balance import BalanceBusy, BalanceOverload, BalanceRestarted, BalanceUnderload, MassReading
from instruments.balances.dialogue import PrintsByItself
from instruments.balances.plain_balance import PlainBalance
from instruments.visa.port import SerialSettings
from tests.sim.balances.wordings import WORDINGS, LineBalance, Wording, line_balance, opened

every_dialect = pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.word)


@pytest.fixture(params=WORDINGS, ids=lambda wording: wording.word)
def device(request: pytest.FixtureRequest) -> Iterator[LineBalance]:
    with line_balance(request.param) as served:
        yield served


@pytest.fixture
def balance(device: LineBalance) -> Iterator[PlainBalance]:
    with closing(opened(device)) as driver:
        yield driver


def assert_answered(reading: MassReading, device: LineBalance) -> None:
    """The reading is what the device sent last, and nothing else."""
    assert Decimal(str(reading.mass_g)) == device.device.weights[-1]


def read_often(balance: PlainBalance, times: int) -> None:
    for _ in range(times):
        balance.read_mass_g()


@pytest.mark.parametrize("pty", [False, True], ids=["tcp", "pty"])
@pytest.mark.parametrize("knows_inquiries", [True, False], ids=["fenced", "unfenced"])
@every_dialect
def test_a_mass_is_that_which_was_sent_for_this_request(wording: Wording, knows_inquiries: bool, pty: bool) -> None:
    with (
        line_balance(wording, knows_inquiries=knows_inquiries, pty=pty) as device,
        closing(opened(device, serial=SerialSettings())) as balance,  # a pty keeps no parity bit
    ):
        assert balance.fenced is knows_inquiries
        assert_answered(balance.read_mass_g(), device)
        balance.tare()
        for _ in range(3):
            assert_answered(balance.read_mass_g(), device)
        assert_answered(balance.read_stable_mass_g(), device)
        assert balance.unsolicited_count == 0


def test_who_it_is_is_what_it_tells_and_nothing_else(device: LineBalance, balance: PlainBalance) -> None:
    texts = {reply.decode().strip('\r\n "').rpartition(",")[2] for reply in device.wording.inquiries.values()}
    who = balance.identify()
    serial_numbers = ("0032705491", "15612345", "B712345678", "1234567")
    assert who.serial_number in serial_numbers
    assert any(who.serial_number in text for text in texts)
    assert who.capacity_g == 220.0


@every_dialect
def test_a_balance_that_tells_nothing_of_itself_has_an_empty_serial_number(wording: Wording) -> None:
    with line_balance(wording, knows_inquiries=False) as device, closing(opened(device)) as balance:
        assert balance.identify().serial_number == ""
        assert balance.identify().model == wording.dialect.name


@every_dialect
def test_without_a_capacity_from_anybody_it_is_refused(wording: Wording) -> None:
    with (
        line_balance(wording, knows_inquiries=False) as device,
        pytest.raises(BenchFault, match=r"does not tell its capacity.*say capacity_g"),
    ):
        opened(device, capacity_g=None)


def test_settings_that_cannot_be_asked_for_must_be_accepted_by_a_person(device: LineBalance) -> None:
    with pytest.raises(BenchFault, match=r"cannot be asked for.*accept_unverified_settings = true"):
        opened(device, accept_unverified_settings=False)


def test_the_mark_of_stability_stays_with_the_value(device: LineBalance, balance: PlainBalance) -> None:
    assert balance.read_mass_g().stable
    device.stable = False
    reading = balance.read_mass_g()
    assert not reading.stable
    assert_answered(reading, device)


def test_a_mass_below_zero_keeps_its_sign(device: LineBalance, balance: PlainBalance) -> None:
    balance.read_mass_g()
    device.says = device.wording.weight(Decimal("-0.0421"), stable=True)
    assert balance.read_mass_g() == MassReading(-0.0421, True)


def test_an_unstable_load_gives_no_stable_mass_and_takes_no_tare(device: LineBalance, balance: PlainBalance) -> None:
    balance.read_mass_g()
    device.stable = False
    for do in (balance.read_stable_mass_g, balance.tare, balance.zero):
        with pytest.raises(BalanceBusy):
            do()
    assert not {device.wording.dialect.tare, device.wording.dialect.zero} & set(device.device.commands)
    device.stable = True
    assert_answered(balance.read_mass_g(), device)


def test_out_of_range_is_an_error_and_never_a_number(device: LineBalance, balance: PlainBalance) -> None:
    for says, error in ((device.wording.over, BalanceOverload), (device.wording.under, BalanceUnderload)):
        device.says = says
        with pytest.raises(error):
            balance.read_mass_g()
    device.says = None
    assert_answered(balance.read_mass_g(), device)


def test_another_unit_is_refused(device: LineBalance, balance: PlainBalance) -> None:
    balance.read_mass_g()
    device.unit = "ct"
    with pytest.raises(BenchFault, match="the unit was g and is now ct"):
        balance.read_mass_g()


@pytest.mark.parametrize(("unit", "grams"), [("mg", "0.001"), ("kg", "1000")])
@every_dialect
def test_milligrams_and_kilograms_are_converted(wording: Wording, unit: str, grams: str) -> None:
    with line_balance(wording) as device:
        device.unit = unit
        with closing(opened(device)) as balance:
            mass_g = balance.read_mass_g().mass_g
            assert mass_g == float(device.device.weights[-1] * Decimal(grams))


def test_a_unit_that_was_left_out_and_then_changed_loses_the_zero() -> None:
    with line_balance(WORDINGS[0]) as device, closing(opened(device)) as balance:
        balance.tare()
        device.stable = False
        balance.read_mass_g()
        device.stable, device.unit = True, "ct"
        for _ in range(2):
            with pytest.raises(BenchFault, match="unit was g and is now ct"):
                balance.read_mass_g()
        device.unit = "g"
        with pytest.raises(BenchFault, match="unit was g and is now ct"):
            balance.read_mass_g()


def test_before_the_first_stable_weight_a_weight_without_a_unit_is_no_mass() -> None:
    with line_balance(WORDINGS[0]) as device:
        device.stable = False
        with closing(opened(device)) as balance:
            with pytest.raises(NoAnswer, match="without its unit"):
                balance.read_mass_g()
            device.stable = True
            assert_answered(balance.read_mass_g(), device)


def test_a_weight_without_a_unit_and_with_other_decimals_is_refused() -> None:
    with line_balance(WORDINGS[0]) as device, closing(opened(device)) as balance:
        balance.read_mass_g()
        device.says = b"N     + 59970.12    \r\n"
        with pytest.raises(BenchFault, match=r"last digit was worth 0\.0001 and is now worth 0\.01"):
            balance.read_mass_g()


def test_a_tare_that_has_no_effect_is_told_and_readings_are_refused(device: LineBalance, balance: PlainBalance) -> None:
    balance.read_mass_g()
    device.tares = False
    with pytest.raises(BenchFault, match=r"showed 60\.\d+ g before and shows 60"):
        balance.tare()
    assert device.device.commands.count(device.wording.dialect.tare) == 1
    with pytest.raises(BenchFault, match="unknown whether"):
        balance.read_mass_g()
    device.tares = True
    balance.tare()
    assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("wording", [one for one in WORDINGS if one.tare_refused], ids=lambda wording: wording.word)
def test_a_refused_tare_changes_nothing(wording: Wording) -> None:
    with line_balance(wording) as device, closing(opened(device)) as balance:
        balance.read_mass_g()
        device.tares = False
        device.device.script(wording.dialect.tare, wording.tare_refused)
        with pytest.raises(BenchFault):
            balance.tare()
        assert_answered(balance.read_mass_g(), device)


def test_a_silence_after_which_the_tare_is_as_before_is_no_restart(device: LineBalance, balance: PlainBalance) -> None:
    balance.tare()
    device.device.script(device.wording.dialect.weigh)  # silent
    if device.wording.tare_memory is None:
        with pytest.raises(BalanceRestarted, match="no tare can show"):
            balance.read_mass_g()
    else:
        assert_answered(balance.read_mass_g(), device)


def test_a_restart_in_a_silence_is_found(device: LineBalance, balance: PlainBalance) -> None:
    balance.tare()
    device.device.script(device.wording.dialect.weigh)
    device.restart()
    with pytest.raises(BalanceRestarted):
        balance.read_mass_g()
    with pytest.raises(BalanceRestarted):
        balance.read_stable_mass_g()
    balance.tare()
    assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("wording", [one for one in WORDINGS if one.tare_memory], ids=lambda wording: wording.word)
def test_a_restart_between_two_answers_is_found_by_the_tare_within_a_few_readings(wording: Wording) -> None:
    with line_balance(wording) as device, closing(opened(device)) as balance:
        balance.tare()
        for _ in range(8):
            assert_answered(balance.read_mass_g(), device)
        device.restart()
        with pytest.raises(BalanceRestarted, match=r"the tare was 60\.\d+ g and is now 0\.0000 g"):
            read_often(balance, 1 + len(wording.inquiries))


def test_a_restart_between_two_answers_is_found_by_the_mark_of_a_net_weight() -> None:
    with line_balance(WORDINGS[0]) as device, closing(opened(device)) as balance:
        balance.tare()
        assert_answered(balance.read_mass_g(), device)
        device.says = b"G     +  60.0012 g  \r\n"
        with pytest.raises(BalanceRestarted, match="marked N and are now marked G"):
            balance.read_mass_g()
        device.says = None
        with pytest.raises(BalanceRestarted):
            balance.read_mass_g()
        device.says = b"G     +   0.0012 g  \r\n"
        balance.tare()
        assert balance.read_mass_g() == MassReading(0.0012, True)


def test_a_weight_that_looks_whole_and_is_shorter_than_all_others_is_not_taken() -> None:
    with line_balance(WORDINGS[2]) as device, closing(opened(device)) as balance:
        assert_answered(balance.read_mass_g(), device)
        device.device.script(device.wording.dialect.weigh, b"   0.0001 g\r\n")
        assert_answered(balance.read_mass_g(), device)
        assert balance.unsolicited_count == 1


def test_a_balance_that_answers_one_inquiry_only_is_read_between_silences() -> None:
    """With one fence its own repeat would pass for the next one."""
    with line_balance(WORDINGS[1]) as device:
        device.wording = replace(device.wording, inquiries={b"?SN": b"SN,15612345\r\n"})
        with closing(opened(device)) as balance:
            assert not balance.fenced
            assert balance.identify().serial_number == "15612345"
            assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("knows_inquiries", [True, False], ids=["fenced", "unfenced"])
@every_dialect
def test_a_weight_of_somebody_else_beside_the_answer_is_not_taken(wording: Wording, knows_inquiries: bool) -> None:
    foreign, another = (wording.weight(Decimal(number), stable=True) for number in ("55.5555", "44.4444"))
    with line_balance(wording, knows_inquiries=knows_inquiries) as device, closing(opened(device)) as balance:
        for beside in ([foreign, another], [foreign, 0.01, another], [another, 0.03, foreign]):
            device.device.script(wording.dialect.weigh, *beside)
            assert_answered(balance.read_mass_g(), device)


@every_dialect
def test_an_inquiry_whose_answer_was_lost_twice_is_not_unknown(wording: Wording) -> None:
    with line_balance(wording) as device:
        for command in wording.inquiries:
            device.device.script(command)
            device.device.script(command)
        with closing(opened(device)) as balance:
            assert balance.fenced
            assert balance.identify().serial_number


@every_dialect
def test_a_late_weight_without_a_fence_does_not_become_the_answer_to_the_next_request(wording: Wording) -> None:
    with line_balance(wording, knows_inquiries=False) as device, closing(opened(device)) as balance:
        late = wording.weight(Decimal("55.5555"), stable=True)
        for _ in range(2):  # nothing was relied on yet, so a silence is only a doubt
            device.device.script(wording.dialect.weigh, 1.3 * 0.12, late)
            assert_answered(balance.read_mass_g(), device)
            balance = opened(device)


@every_dialect
def test_a_weight_that_stood_on_the_line_before_the_request_is_not_its_answer(wording: Wording) -> None:
    for knows_inquiries in (True, False):
        with line_balance(wording, knows_inquiries=knows_inquiries) as device, closing(opened(device)) as balance:
            device.device.send(wording.weight(Decimal("55.5555"), stable=True))
            assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("knows_inquiries", [True, False], ids=["fenced", "unfenced"])
@every_dialect
def test_a_balance_that_prints_by_itself_is_refused(wording: Wording, knows_inquiries: bool) -> None:
    with line_balance(wording, knows_inquiries=knows_inquiries) as device:
        line = wording.weight(Decimal("55.5555"), stable=True)
        stream = [item for _ in range(200) for item in (line, 0.01)]
        device.device.script(wording.dialect.weigh, *stream)
        device.device.script(b"", *stream)
        device.device.script(wording.dialect.hush, *stream)
        if not wording.dialect.hush:
            device.device.script(wording.dialect.weigh, *stream)
        with pytest.raises(PrintsByItself, match=r"prints without being asked.*print on request only"):
            opened(device)


def test_a_closed_balance_says_so(balance: PlainBalance) -> None:
    balance.close()
    balance.close()
    with pytest.raises(BenchFault, match="was closed"):
        balance.read_mass_g()
