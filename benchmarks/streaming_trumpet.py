# SPDX-License-Identifier: Apache-2.0
"""The trumpet of samples that are not kept: time a sample, and memory, at growing numbers of them.

    python -m benchmarks.streaming_trumpet [most samples]

What ten times as many samples add to the memory, and how the time grows, tell what 10⁹ of them would take.
"""

import resource
import sys
import time

import numpy as np

from metrology.recording.streaming_trumpet import StreamingTrumpet

INTERVAL_S, RATE_UL_PER_H = 1.0, 500.0
WINDOWS_S = (120.0, 300.0, 660.0, 1140.0, 1860.0)
BLOCK = 1 << 16


def stream(samples: int) -> tuple[float, float]:
    """Return processor time in s and peak memory in MB after so many samples."""
    stream = StreamingTrumpet(RATE_UL_PER_H, INTERVAL_S, WINDOWS_S)
    begun = time.process_time()
    for first in range(0, samples, BLOCK):
        at_s = INTERVAL_S * np.arange(first, min(first + BLOCK, samples))
        stream.add(RATE_UL_PER_H / 3600 * at_s + np.sin(at_s))
    stream.trumpet()
    return time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    most = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000
    counts = [most // 100, most // 10, most]
    rows = [(count, *stream(count)) for count in counts]
    for count, took_s, peak_mb in rows:
        print(f"{count:>12,d} samples  {took_s:8.3f} s  {1e9 * took_s / count:6.1f} ns a sample  {peak_mb:7.1f} MB")
    count, took_s, peak_mb = rows[-1]
    print(f"10⁹ samples at that pace: {1e9 * took_s / count:.0f} s; memory grew by {peak_mb - rows[0][2]:.1f} MB")


if __name__ == "__main__":
    main()
