# SPDX-License-Identifier: Apache-2.0
"""`report.html`: a run on one page that opens anywhere, needs no script and loads nothing.

`run_page` makes a view of a stored run, `page_html` makes HTML of a view. The view holds all
that is shown, with its figures as numbers; only the templates know how a figure is written.
"""

from reports.page.page_html import PAGE, page_html

__all__ = ["PAGE", "page_html"]
