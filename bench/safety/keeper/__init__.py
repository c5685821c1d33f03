# SPDX-License-Identifier: Apache-2.0
"""The keeper: the watchdog process, which makes the bench safe when the bench's own process cannot any more.

A rig with a watchdog does that by itself. For one without, the bench starts a keeper and holds a pipe to it. The first
line is the start message; then the keeper's listener hears the same as a watchdog would: armed with a time-out,
heartbeats, disarmed; and at the end that the bench signs off. When the pipe closes without that, or no heartbeat comes
while it is armed, the bench is gone. Then the keeper opens lines of its own to pump and rig, and goes the way that the
bench file lists.

It lives in a session of its own, so neither Ctrl-C nor the end of the terminal nor a signal to the bench's process
group reaches it. It opens nothing while the bench lives, and nothing once somebody else has taken the bench: that
shows in the fencing token.
"""

from bench.safety.keeper.kept_rig import KeptRig
from bench.safety.keeper.link import KeeperLink

__all__ = ["KeeperLink", "KeptRig"]
