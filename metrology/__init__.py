# SPDX-License-Identifier: Apache-2.0
"""The mathematics: no instrument, no journal, no clock. What is handed in decides the result, here as in a run.

From two marks of a balance to a judged volume, with its budget:

    from metrology.gravimetry import BalanceMark, BalanceSpecification, Conditions, Evaporation
    from metrology.gravimetry import WeighedSpan, WeighingSetup, delivered_volume
    from metrology.verdict import Limits, Measurement, judge

    balance = BalanceSpecification(0.01, 0.02, linearity_mg=0.1, drift_mg_per_day=0.2,
                                   calibration_expanded_uncertainty_mg=0.05)
    blank = Evaporation(rate_mg_per_h=0.03, standard_uncertainty_mg_per_h=0.01, dof=59, blank_h=1.0)
    start = BalanceMark.fit([0, 1, 2, 3, 4], [1.00000, 1.00001, 1.00003, 1.00003, 1.00005])
    end = BalanceMark.fit([86400, 86401, 86402, 86403, 86404], [1.99801, 1.99802, 1.99803, 1.99805, 1.99805])
    span = WeighedSpan(start, end, Conditions(21.0, 1013.0, 50.0), stroke_volume_ul=0.5, rate_ul_per_h=41.7)
    volume = delivered_volume(WeighingSetup(balance, blank), span).quantity
    for line in sorted(volume.budget, key=lambda line: line.contribution, reverse=True)[:3]:
        print(f"{line.name}: {line.contribution:.2f} µL")
    print(judge(Measurement("first day", volume, Limits(950, 1050, "µL", "1000 µL ± 5 %"))).reason)

It prints:

    evaporation rate: 0.26 µL
    stroke quantisation at 2 s: 0.14 µL
    stroke quantisation at 86402 s: 0.14 µL
    first day: 1001.78 ± 0.76 µL (k = 1.97) is inside the allowed 950 to 1050 µL (1000 µL ± 5 %) by at least U

Windows of one `WeighingSetup` can be added, subtracted and divided; what they share is counted as shared.

Rooms: `uncertainty` (quantities and their budgets), `gravimetry` (from readings to a volume), `delivery` (curves and
figures of a delivery), `any_window` (the worst window of any length), `phases` (an infusion cut into
parts, and spans of them), `latency` (how long something took), `verdict` (limits, decision rule, judgement),
`recording` (what another bench recorded).
"""

from groundfloor.late_import import import_late

import_late("scipy", "special")
import_late("scipy", "ndimage")
import_late("scipy", "optimize")  # GTC asks for it at once, and needs it where nobody asks for its levels of confidence
