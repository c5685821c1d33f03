# SPDX-License-Identifier: Apache-2.0
"""One kind of thing by its names: what comes with pumpbench, and the plug-ins beside it."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from groundfloor.errors import PlanError
from groundfloor.plug_ins.kind import Kind
from groundfloor.plug_ins.offer import Offer, offers_of
from groundfloor.project import PROJECT_VARIABLE

T = TypeVar("T")


class PlugInTable(Mapping[str, T], Generic[T]):
    """A mapping in which a plug-in stands like a row of our own.

    Args:
        kind: which plug-ins stand in it.
        ours: what comes with pumpbench; looked at first, so that it costs next to nothing where there is no plug-in.
        accept: makes a row of what a plug-in's attribute holds; raises PlanError for what does not fit.

    Attributes:
        kind, ours, accept: as above.
    """

    def __init__(self, kind: Kind, ours: Mapping[str, T], accept: Callable[[Offer, object], T]) -> None:
        self.kind = kind
        self.ours = ours
        self.accept = accept
        self._loaded: dict[Offer, T] = {}
        self._offered: Mapping[str, Offer] = {}
        self._looked_from: tuple[str | None, str] | None = None

    def __getitem__(self, name: str) -> T:
        """Return the row of this name; a plug-in is imported now.

        Raises:
            KeyError: there is none.
            PlanError: the plug-in is not fit to be used.
        """
        if name in self.ours:
            if self._looked_from is None:
                self._offers()  # once: a plug-in of this name must not be passed over without a word
            return self.ours[name]
        return self._row(self._offers()[name])

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a row, without importing it."""
        return name in self.ours or name in self._offers()

    def __iter__(self) -> Iterator[str]:
        """Go through the names, ours first, without importing anything."""
        yield from self.ours
        yield from self._offers()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ours) + len(self._offers())

    def _offers(self) -> Mapping[str, Offer]:
        """Look once for all from each folder: some tables are gone through for each sample."""
        here = (os.environ.get(PROJECT_VARIABLE), _present_folder())
        if here != self._looked_from:
            self._offered = self._looked_for()
            self._looked_from = here
        return self._offered

    def _looked_for(self) -> Mapping[str, Offer]:
        offers = offers_of(self.kind)
        for name in offers.keys() & self.ours.keys():
            seen = "pumpbench itself has one of this name, and a plug-in cannot take its place"
            raise PlanError(offers[name].told, "look up", seen, "give the plug-in another name")
        return offers

    def _row(self, offer: Offer) -> T:
        if offer not in self._loaded:
            self._loaded[offer] = self.accept(offer, offer.load())
        return self._loaded[offer]


def _present_folder() -> str:
    """Return the present folder; empty where somebody has taken it away under a run."""
    try:
        return os.getcwd()  # noqa: PTH109  # a string, in a fifth of the time
    except OSError:
        return ""
