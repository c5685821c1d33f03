# SPDX-License-Identifier: Apache-2.0
"""Takes the analytics out of a report: evidence must not tell a third party who reads it.

Allure 3.18 writes a Google Analytics block into every report and has no switch for it. Attachments stand in the page as
base64, so what is looked for are words that base64 cannot spell or could spell only by a chance of 64 to the power of
nine and more; "gtag" alone would turn up in any large attachment.
"""

import re

_LOADER = re.compile(r"<script\b[^>]*\bsrc\s*=\s*[\"'][^\"']*googletagmanager\.com[^\"']*[\"'][^>]*>\s*</script>", re.I)
_CALLER = re.compile(
    r"<script\b[^>]*>(?:(?!</script>).){0,4000}?\bgtag\s*\((?:(?!</script>).){0,4000}?</script>", re.I | re.S
)
_TRACES = re.compile(r"googletagmanager|google-analytics|\bgtag\s*\(|gtag/js|\bwindow\.dataLayer\b", re.I)


class AnalyticsRemain(Exception):
    """A report still calls analytics after the cut: the generator has changed. It must not be kept."""


def cut_analytics(html: str) -> str:
    """Return `html` without its analytics blocks.

    Raises:
        AnalyticsRemain: a trace of them is left.
    """
    cut = _CALLER.sub("", _LOADER.sub("", html))
    trace = _TRACES.search(cut)
    if trace is not None:
        around = cut[max(0, trace.start() - 40) : trace.end() + 40]
        raise AnalyticsRemain(f"the report still calls analytics: …{around}…")
    return cut
