"""Who is at the screen: signed in with single sign-on, or the one user of this machine."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from scorecard.clock import today
from scorecard.governance.claims import Roles, RolesRefused, SignIn, SignInRefused, actor_of
from scorecard.people import Actor, this_machine
from scorecard.store import ClockInDoubt, Store, StoreError
from screens.frame import record
from screens.frame.guard import KEYS, configured, passed_on
from screens.frame.navigation import file_of
from screens.frame.text import escaped

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

MOST_WAITING = 1000  # people on their way to the provider and back
MOST_ENDED = 100_000  # sign-ins; the oldest have run out by then
CLOCK, DOUBTED = "clock_is_right", "clock_was_doubted"
NAME = "own_name"  # what somebody typed as their name, once a session
DONE = "was_recorded"  # what to confirm, and which fields to empty
TAKEN = "take-"  # how the keys of what a chart is taken away with begin: no fields, and they follow the data
OWN = frozenset({CLOCK, DOUBTED, NAME, DONE})  # kept by this module: no field of a form
_names: set[str | int] = (
    set()
)  # fields for names, each filled with the one given last: whose act it is says their own
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def provider() -> bool:
    """Whether an OpenID provider is configured in .streamlit/secrets.toml."""
    return "auth" in configured()


def _clock_box() -> None:
    """Where somebody says that the clock is right after all; kept under the name on top once it was asked."""
    st.checkbox(
        "This machine's clock is right",
        key=CLOCK,
        help="What is recorded then is marked as stamped by an odd clock.",
    )


def gate(place: DeltaGenerator) -> None:
    """Say who is here, in a menu named after them; with a provider configured, nobody passes without signing in."""
    if not provider():
        who = actor(_name())
        with place.popover(escaped(who.name), icon=":material/person:", type="tertiary"):
            st.caption(
                escaped(f"No single sign-on is configured: this machine alone, {who.name}, {who.role}.")
                if who.role != "viewer"
                else escaped(f"No single sign-on is configured, and {_why_reading()}: reading only.")
            )
            _remember(st.text_input("Your name in this session", value=who.name))
            if st.session_state.get(DOUBTED):
                _clock_box()
        return
    if not st.user.is_logged_in:
        st.info("Sign in to see the scorecard.")
        st.button("Sign in", type="primary", on_click=_sign_in)
        st.stop()
    try:
        who = actor()
    except (SignInRefused, RolesRefused) as error:
        st.warning(escaped(f"{str(error)[:1].upper()}{str(error)[1:]}."))
        st.button("Sign in again", type="primary", on_click=_sign_out)
        st.stop()
    with place.popover(escaped(f"{who.name}, {who.role}"), icon=":material/person:", type="tertiary"):
        st.caption(escaped(f"Signed in with single sign-on: {who.name}, {who.role}."))
        if st.session_state.get(DOUBTED):
            _clock_box()
        st.button("Sign out", on_click=_sign_out, type="tertiary")


@st.cache_resource
def _ended() -> OrderedDict[SignIn, None]:
    """The sign-ins that were ended by signing out: a cookie that was copied before is good for nothing after."""
    return OrderedDict()


def _sign_out() -> None:
    with suppress(SignInRefused):  # then it never counted
        _ended()[SignIn.of(st.user.to_dict())] = None
    while len(_ended()) > MOST_ENDED:
        _ended().popitem(last=False)
    st.logout()


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
    page = file_of(Path(address.path).name)
    if address.netloc and page:
        st.switch_page(page, query_params=parse_qs(address.query))


def _browser() -> bytes:
    """What tells one browser from another before anybody has signed in: its cross-site token without the mask."""
    token, _ = decode_xsrf_token_string(st.context.cookies.get("_streamlit_xsrf", ""))
    return token or b""


def actor(typed: str = "") -> Actor:
    """Who acts. Without a provider a typed name counts, as typed by hand; with one it is not looked at."""
    right = bool(st.session_state.get(CLOCK))
    if provider():
        claims = st.user.to_dict()
        if SignIn.of(claims) in _ended():
            raise SignInRefused("this sign-in was ended by signing out; sign in again")
        return replace(actor_of(claims, Roles.of(configured().get("roles", {}))), clock_is_right=right)
    local = replace(this_machine(typed), clock_is_right=right)
    return replace(local, role="viewer") if _why_reading() else local


def _why_reading() -> str:
    """Why nobody may write without single sign-on; empty when it is this machine's own user, as far as can be told."""
    if st.get_option("server.address") not in LOOPBACK:
        return "the server is open to other machines"
    if passed_on(st.context.headers, st.context.ip_address):
        return "this request came through a proxy or from another machine"
    if not KEYS.admits(st.context.cookies):
        return "this browser was not opened with the address that the start printed"
    return ""


def name_field(label: str, *, key: str) -> Actor:
    """Ask for a name where names are typed by hand; show it where single sign-on vouches for it.

    What is then recorded in this form, which `key` names, is recorded once; see `acting`.
    """
    if provider():
        who = acting(key)
        st.caption(escaped(f"{label}: {who.name} (signed in with single sign-on)"))
        return who
    _names.add(key)
    known, own = _name(), actor().name
    if known and st.session_state.get(key) == own:
        st.session_state[key] = known  # drawn before the name was given elsewhere
    given = st.text_input(
        escaped(label), value=known or own, key=key, help="Typed by hand, and recorded as that."
    )
    _remember(given)
    return acting(key, given)


def acting(key: str, typed: str = "") -> Actor:
    """Who acts in a form, with a token that is the same when the same is sent again.

    A second press, and a press after the server was killed or the page was opened anew, say the same in every field on
    the same day; then the act is on record already. Once the person has recorded anything else, it is another act.
    """
    who = actor(typed)
    said = {name: st.query_params.get_all(name) for name in st.query_params}
    filled = {
        str(name): _plain(value)
        for name, value in st.session_state.items()
        if name not in OWN | _names and not str(name).startswith(TAKEN)
    }
    content = json.dumps([today().isoformat(), key, who.name, said, filled], sort_keys=True)
    sent = sha256(content.encode()).hexdigest()[:24]
    store = Store()
    acts = record.acts(record.Opened.of(store)) if store.exists() else ()
    others = sum(name == who.name and not token.startswith(sent) for name, token in acts)
    return replace(who, token=f"{sent}-{others}")


def _plain(value: object) -> object:
    """What a field holds, as far as it tells two acts apart."""
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return sha256(value.getvalue()).hexdigest() if isinstance(value, BytesIO) else ""  # an uploaded file


def _name() -> str:
    """The name that somebody has given in this session, or nothing."""
    return str(st.session_state.get(NAME, ""))


def _remember(given: str) -> None:
    """Keep a name for the other forms of the session; the machine's own user is no given name."""
    if given.strip() and given != actor().name:
        st.session_state[NAME] = given


def done(words: str, *emptied: str) -> NoReturn:
    """Confirm what was recorded, empty the fields whose keys begin so, and draw the page again.

    Without that a second press on the same button would record the same once more.
    """
    st.session_state[DONE] = (words, emptied)
    st.rerun()


def confirm() -> None:
    """Say what the run before recorded, and empty its form; called before anything else is drawn."""
    words, emptied = st.session_state.pop(DONE, ("", ()))
    for key in list(st.session_state) if emptied else ():
        if isinstance(key, str) and key.startswith(emptied):
            st.session_state[key] = "" if isinstance(st.session_state[key], str) else None
    if words:
        st.toast(escaped(words), icon=":material/check:", duration="long")


def tried[T](deed: Callable[[], T]) -> T | None:
    """Do it, or say why not; nothing was stored then."""
    try:
        return deed()
    except StoreError as error:
        if isinstance(error, ClockInDoubt) and not st.session_state.get(DOUBTED):
            st.session_state[DOUBTED] = True
            _clock_box()
        st.error(escaped(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was recorded."))
        return None
