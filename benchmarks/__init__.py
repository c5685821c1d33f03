# SPDX-License-Identifier: Apache-2.0
"""Speed, as ratios: what the bench costs beside the bare calls, or a peer, measured in turn in the same run.

Absolute times belong to the machine that they were taken on. A ratio of two things that were measured in turn, pinned
to the same core, carries over to another machine; so every figure here stands beside its yardstick. Linux only.
"""
