"""Which pages there are: each file of pages/ declares PAGE, and that alone puts it into the navigation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from scorecard.discovery import declarations
from scorecard.places import PAGES
from screens.frame.text import escaped

TAB = "tab"  # the query parameter that names the open tab of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of itself: its title, its place in the navigation, its address, its tabs.

    `address` is the last part of its URL; the file's name where nothing else is said. One page is `home`. `tabs`
    maps the name of each tab in the address to its title on the screen. `was` maps an address that a page had
    before it became part of this one to the tab that shows it now.
    """

    title: str
    place: int = 0
    address: str = ""
    home: bool = False
    tabs: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)


@cache
def pages(folder: Path = PAGES) -> Mapping[Path, Page]:
    """The declared pages by their file, in the order of the navigation; Undeclared for a file without one."""
    found = {path: _page(path, given) for path, given in declarations(folder, "PAGE").items()}
    return dict(sorted(found.items(), key=lambda one: one[1].place))


def file_of(address: str, folder: Path = PAGES) -> Path | None:
    """The file of the page with an address; the home page's for none; nothing for an address that no page has."""
    return next((path for path, page in pages(folder).items() if address in _addresses(page)), None)


def moved(folder: Path = PAGES) -> Mapping[str, tuple[Path, str]]:
    """Each address of before with the page and the tab that show now what it showed."""
    return {old: (path, tab) for path, page in pages(folder).items() for old, tab in page.was.items()}


def redirect(path: Path, tab: str) -> Callable[[], None]:
    """A page that is drawn nowhere: it opens another with the same query and a tab."""

    def go() -> None:
        kept: dict[str, Any] = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(path, query_params={**kept, TAB: tab})

    return go


def tab_bar(tabs: Mapping[str, str]) -> tuple[str, Any]:
    """Draw a page's tabs; the open one's name, which stands in the address, and the container to draw in."""
    asked = st.query_params.get(TAB, "")
    if asked not in tabs:
        asked = next(iter(tabs))
    labels = {name: escaped(title) for name, title in tabs.items()}
    st.session_state["tabs"] = labels[asked]

    def keep() -> None:
        st.query_params[TAB] = next(name for name in labels if labels[name] == st.session_state["tabs"])

    drawn = st.tabs([escaped(title) for title in tabs.values()], key="tabs", on_change=keep)
    return asked, drawn[list(tabs).index(asked)]


def _addresses(page: Page) -> tuple[str, ...]:
    return (page.address, "") if page.home else (page.address,)


def _page(path: Path, given: Mapping[str, Any]) -> Page:
    """The page that a file's text declares: a script that draws cannot be imported."""
    return Page(**{"address": path.stem, **given})
