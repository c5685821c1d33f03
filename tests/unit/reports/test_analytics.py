# SPDX-License-Identifier: Apache-2.0
import pytest

from reports.analytics import AnalyticsRemain, cut_analytics

BLOCK = """    <script async src="https://www.googletagmanager.com/gtag/js?id=G-LNDJ3J7WT0"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
        gtag('js', new Date());
        gtag('config', 'G-LNDJ3J7WT0', {
          "report": "awesome",
          "single_file": "true"
        });
    </script>
"""
HEAD = "<html><head><title>t</title></head><body>\n<script>window.allure = {};</script>\n"
TAIL = '<script defer>d("data/attachments/x.png","AAgtagBBgtagCC==")</script>\n</body></html>\n'


def test_the_block_goes_and_everything_else_stays():
    cut = cut_analytics(HEAD + BLOCK + TAIL)
    assert "google" not in cut
    assert "dataLayer" not in cut
    assert cut.replace(" ", "").replace("\n", "") == (HEAD + TAIL).replace(" ", "").replace("\n", "")


def test_a_page_without_analytics_is_left_alone():
    assert cut_analytics(HEAD + TAIL) == HEAD + TAIL


@pytest.mark.parametrize(
    "rest",
    [
        "<script>import('https://www.googletagmanager.com/gtag/js')</script>",
        "<script>window.dataLayer.push(1)</script>",
        "<img src='https://www.google-analytics.com/collect'>",
        "<script>" + "x();" * 5000 + "gtag('js')</script>",
    ],
)
def test_a_page_that_still_calls_analytics_is_refused(rest):
    with pytest.raises(AnalyticsRemain):
        cut_analytics(HEAD + BLOCK + rest + TAIL)
