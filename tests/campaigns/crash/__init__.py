# SPDX-License-Identifier: Apache-2.0
"""A reference run stopped at every write, sync, command and reply, and resumed from each of them.

Bench and twin live in one process: the twin answers in the call that asks it (`CountedWire`), and every change that
the bench makes to its files goes through `RecordedFiles`. So at each of these points the process can be forked: in the
child the bench never comes back from that call, as if its process had been killed there; the twin lives on, and the
disk is made anew as the file system may have left it (`disk_images`). It is a campaign, and no test, since the soak and
the suite run it with different shares.
"""
