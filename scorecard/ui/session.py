"""Who is at the screen: signed in with single sign-on, or the one user of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from scorecard.governance.claims import SignInRefused, actor_of
from scorecard.governance.roles import Actor, this_machine
from scorecard.store import StoreError

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
        st.button("Sign in", type="primary", on_click=st.login)
        st.stop()
    try:
        who = actor()
    except SignInRefused as error:
        st.warning(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        st.button("Sign in again", type="primary", on_click=st.logout)
        st.stop()
    st.sidebar.caption(f"Signed in with single sign-on: {who.name}, {who.role}.")
    st.sidebar.button("Sign out", on_click=st.logout, type="tertiary")


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
