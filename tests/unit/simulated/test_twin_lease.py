# SPDX-License-Identifier: Apache-2.0
"""The simulated rig remembers who holds it, and lets nobody in between."""

import pytest

from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import OperatedTwin


def lease(token: int, session: int, expires_s: int = 120, holder: str = "anna@lab-2:7") -> dict[str, Value]:
    return {"lease_token": token, "lease_session": session, "lease_expires_s": expires_s, "lease_holder": holder}


def held() -> OperatedTwin:
    bench = OperatedTwin()
    bench.twin.rig.write(lease(5, 77))
    return bench


def test_a_new_holder_raises_the_token_that_actuators_need() -> None:
    bench = held()
    assert (bench.rig("fencing_token"), bench.rig("lease_holder")) == (5, "anna@lab-2:7")
    with pytest.raises(ValueError, match="fencing token 4 is stale, 5 was seen"):
        bench.set_rig(fencing_token=4, kink_clamp_percent=10.0)
    bench.set_rig(fencing_token=5, kink_clamp_percent=10.0)


def test_of_two_that_read_the_same_token_the_second_is_refused() -> None:
    bench = held()
    with pytest.raises(ValueError, match="lease token 5 is another's"):
        bench.twin.rig.write(lease(5, 78))
    assert bench.rig("lease_session") == 77


def test_nobody_takes_a_lease_that_lasts_and_anybody_one_that_has_run_out() -> None:
    bench = held()
    bench.go(119.0)
    assert bench.rig("lease_expires_s") == 1
    with pytest.raises(ValueError, match="anna@lab-2:7 holds the lease for 1 s more"):
        bench.twin.rig.write(lease(6, 78))
    bench.go(121.0)
    assert bench.rig("lease_expires_s") == 0
    bench.twin.rig.write(lease(6, 78, holder="ben@lab-3:9"))
    with pytest.raises(ValueError, match="lease token 5 is stale"):
        bench.twin.rig.write(lease(5, 77))


def test_the_holder_renews_with_its_token_and_gives_back_by_asking_for_no_time() -> None:
    bench = held()
    bench.go(100.0)
    bench.twin.rig.write(lease(5, 77))
    assert bench.rig("lease_expires_s") == 120
    bench.twin.rig.write(lease(5, 77, expires_s=0))
    assert (bench.rig("lease_session"), bench.rig("lease_expires_s")) == (0, 0)
    bench.twin.rig.write(lease(6, 78))


def test_a_release_takes_it_from_the_holder_at_once() -> None:
    bench = held()
    bench.twin.rig.write(lease(6, 0, expires_s=0, holder="released by ben@lab-3"))
    assert (bench.rig("fencing_token"), bench.rig("lease_session")) == (6, 0)
    with pytest.raises(ValueError, match="stale"):
        bench.twin.rig.write(lease(5, 77))


def test_half_a_lease_is_refused() -> None:
    with pytest.raises(ValueError, match="written together"):
        OperatedTwin().twin.rig.write({"lease_token": 3, "lease_session": 1})
