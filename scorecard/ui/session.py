"""Who is at the screen: signed in with single sign-on, or the one user of this machine."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from scorecard.governance.claims import SignInRefused, actor_of
from scorecard.governance.roles import Actor, this_machine
from scorecard.store import StoreError

MOST_WAITING = 1000  # people on their way to the provider and back
PAGES, HOME = Path(__file__).parents[2] / "pages", "scorecard"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def provider() -> bool:
    """Whether an OpenID provider is configured in .streamlit/secrets.toml."""
    return "auth" in _secrets()


def _secrets() -> Mapping[str, Any]:
    try:
        return st.secrets.to_dict()
    except FileNotFoundError:
        return {}


def gate() -> None:
    """Say in the sidebar who is here; with a provider configured, nobody passes without signing in."""
    if not provider():
        who = actor()
        st.sidebar.caption(
            f"No single sign-on is configured: this machine alone, {who.name}, {who.role}."
            if who.role != "viewer"
            else "No single sign-on is configured and the server is open to other machines: reading only."
        )
        return
    if not st.user.is_logged_in:
        st.info("Sign in to see the scorecard.")
        st.button("Sign in", type="primary", on_click=_sign_in)
        st.stop()
    try:
        who = actor()
    except SignInRefused as error:
        st.warning(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        st.button("Sign in again", type="primary", on_click=st.logout)
        st.stop()
    st.sidebar.caption(f"Signed in with single sign-on: {who.name}, {who.role}.")
    st.sidebar.button("Sign out", on_click=st.logout, type="tertiary")


@st.cache_resource
def _asked_for() -> OrderedDict[bytes, str]:
    """The address that each browser asked for before it signed in, by a cookie that outlives the way there."""
    return OrderedDict()


def _sign_in() -> None:
    """Go to the provider. It sends everybody back to the front page, so the address is kept until then."""
    asked = _asked_for()
    if browser := _browser():
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        asked[browser] = f"{st.context.url}?{urlencode(query, doseq=True)}"
    while len(asked) > MOST_WAITING:
        asked.popitem(last=False)
    st.login()


def go_where_it_began() -> None:
    """After signing in, open the view whose link led there, once; only this app's own pages can be meant.

    Called before anything is drawn.
    """
    if not provider() or not st.user.is_logged_in:
        return
    address = urlsplit(_asked_for().pop(_browser(), ""))
    page = PAGES / f"{Path(address.path).name or HOME}.py"
    if address.netloc and page.exists():
        st.switch_page(f"pages/{page.name}", query_params=parse_qs(address.query))


def _browser() -> bytes:
    """What tells one browser from another before anybody has signed in: its cross-site token without the mask."""
    token, _ = decode_xsrf_token_string(st.context.cookies.get("_streamlit_xsrf", ""))
    return token or b""


def actor(typed: str = "") -> Actor:
    """Who acts. Without a provider a typed name counts, as typed by hand; with one it is not looked at."""
    if provider():
        return actor_of(st.user.to_dict(), _secrets().get("roles", {}))
    local = this_machine(typed)
    if st.get_option("server.address") not in LOOPBACK:
        return replace(local, role="viewer")
    return local


def name_field(label: str, *, key: str) -> Actor:
    """Ask for a name where names are typed by hand; show it where single sign-on vouches for it."""
    if provider():
        who = actor()
        st.caption(f"{label}: {who.name} (signed in with single sign-on)")
        return who
    return actor(st.text_input(f"{label} (typed by hand)", value=actor().name, key=key))


def tried[T](deed: Callable[[], T]) -> T | None:
    """Do it, or say why not; nothing was stored then."""
    try:
        return deed()
    except StoreError as error:
        st.error(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was recorded.")
        return None
