# SPDX-License-Identifier: Apache-2.0
"""One bench, one user: who holds a bench, for how long, why, and how somebody else gets it.

Whoever takes it gets a fencing token higher than all before; an order to an actuator under an older one is refused.
"""

from bench.lease.fenced_pump import FencedPump
from bench.lease.fenced_rig import FencedRig
from bench.lease.holder import Holder, is_called
from bench.lease.lease import Lease, lease_key
from bench.lease.lease_record import LeaseHeld, LeaseLost, LeaseRecord
from bench.lease.lease_store import LeaseStore
from bench.lease.os_lock import OsLock
from bench.lease.overtaken import overtaken
from bench.lease.rig_holder import ask_rig, make_free
from bench.lease.wait_for_bench import InTheWay, WaitForBench
from bench.lease.waiting_line import Place, Waiter, WaitingLine

__all__ = [
    "FencedPump",
    "FencedRig",
    "Holder",
    "InTheWay",
    "Lease",
    "LeaseHeld",
    "LeaseLost",
    "LeaseRecord",
    "LeaseStore",
    "OsLock",
    "Place",
    "WaitForBench",
    "Waiter",
    "WaitingLine",
    "ask_rig",
    "is_called",
    "lease_key",
    "make_free",
    "overtaken",
]
