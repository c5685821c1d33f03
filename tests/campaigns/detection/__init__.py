# SPDX-License-Identifier: Apache-2.0
"""What the bench finds: every defect of the catalogue, pairs of them, and good pumps, through the whole protocol.

`python -m tests.campaigns.detection run` goes on where it stopped; `showing` tries each row of the catalogue in the one
test that it names; `page` makes `docs/detection.md` of what was kept.
"""
