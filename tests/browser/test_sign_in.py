"""Signing in by a real provider in a real browser: whoever is not vouched for stays outside."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.house import PATIENCE, House, inside, outside, sign_in, sign_out, through_the_provider


def now_seconds() -> int:
    return int(time.time())


SPOILT: dict[str, dict[str, Any]] = {
    "expired": {"iat": now_seconds() - 7200, "exp": now_seconds() - 3600},
    "forged": {"forged": True},
    "meant for another sign-in": {"nonce": "another"},
    "meant for another app": {"aud": "another"},
    "of another provider": {"iss": "https://login.example.org"},
}


def test_a_token_that_is_not_sound_signs_nobody_in(house: House) -> None:
    with house.visitor() as seen:
        for spoilt in SPOILT.values():
            house.provider.spoil.update(spoilt)
            sign_in(seen, "the chair")
            outside(seen)
        sign_in(seen, "the chair")
        inside(seen)


ODD: dict[str, dict[str, Any]] = {
    "of a time to come": {"iat": now_seconds() + 10 * 365 * 86400},
    "with a number for groups": {"groups": 5},
    "with a list for an address": {"email": ["kiss@example.org"]},
    "with a word for whether the address was checked": {"email_verified": "perhaps"},
    "with a number for a name": {"name": 5},
}


@pytest.mark.parametrize("odd", sorted(ODD))
def test_a_claim_that_is_not_what_it_should_be_lets_nobody_in(house: House, odd: str) -> None:
    with house.visitor() as seen:
        house.provider.spoil.update(ODD[odd])
        sign_in(seen, "the chair")
        refused = seen.page.get_by_role("button", name="Sign in again").or_(
            seen.page.get_by_text("Sign in to see the scorecard.")
        )
        expect(refused.first).to_be_visible(timeout=PATIENCE)
        assert seen.page.get_by_text("Anthropic: automated R&D").count() == 0
        seen.settle()


UNVOUCHED: dict[str, dict[str, Any]] = {
    "not checked": {"email": "kiss@example.org", "email_verified": False},
    "not said": {"email": "kiss@example.org", "email_verified": None},
    "another alphabet": {"email": "ki\u017fs@example.org"},
    "folding": {"email": "\u212aiss@example.org"},
    "a group": {"groups": ["kiss@example.org"]},
    "an id": {"sub": "kiss@example.org", "email": None},
}


@pytest.mark.parametrize("way", sorted(UNVOUCHED))
def test_nobody_gets_the_administrators_role_by_looking_like_them(house: House, way: str) -> None:
    with house.visitor() as seen:
        house.provider.spoil.update(UNVOUCHED[way])
        sign_in(seen, "a viewer")
        said = seen.page.get_by_test_id("stPopover").filter(has_text=", viewer").first
        expect(said).to_be_visible(timeout=PATIENCE)
        assert "kiss@example.org" not in said.inner_text()
        seen.settle()


def test_the_administrators_own_address_gets_the_role(house: House) -> None:
    with house.visitor() as seen:
        house.provider.spoil.update({"email": "Kiss@example.org"})
        sign_in(seen, "a viewer")
        said = seen.page.get_by_test_id("stPopover").filter(has_text=", administrator").first
        expect(said).to_contain_text("<kiss@example.org, ", timeout=PATIENCE)
        seen.settle()


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(house: House) -> None:
    with house.person("the chair") as seen:
        seen.settle()
        cookies = [c for c in seen.page.context.cookies() if c["name"].startswith("_streamlit")]
        sign_out(seen)
        with house.visitor() as thief:
            thief.page.context.add_cookies(cookies)  # type: ignore[arg-type]
            thief.page.goto(thief.url)
            ended = thief.page.get_by_text("This sign-in was ended by signing out; sign in again.")
            expect(ended).to_be_visible(timeout=PATIENCE)
            assert thief.page.get_by_text("Anthropic: automated R&D").count() == 0
            thief.settle()


def test_a_link_reopens_its_view_after_signing_in(house: House) -> None:
    with house.visitor() as seen:
        seen.page.goto(f"{seen.url}/evidence?as_of=2026-01-31&indicator=metr_p50_horizon")
        through_the_provider(seen, "a viewer")
        expect(seen.page.get_by_text("As of 31 January 2026").first).to_be_visible(timeout=PATIENCE)
        expect(seen.page.get_by_role("heading", level=1)).to_have_text("Evidence")
        assert "indicator=metr_p50_horizon" in seen.page.url


def test_a_session_ends_after_its_hours(house: House) -> None:
    with house.visitor() as seen:
        house.provider.spoil.update({"iat": now_seconds() - 9 * 3600})
        sign_in(seen, "the chair")
        expect(seen.page.get_by_text("The sign-in is more than 8 hours old")).to_be_visible(timeout=PATIENCE)
        assert seen.page.get_by_text("Anthropic: automated R&D").count() == 0


def test_a_sign_in_cannot_be_replayed_nor_sent_to_somebody_else(house: House) -> None:
    """The address that ended a sign-in works in no other browser, and not again in the same one."""
    with house.visitor() as seen:
        ends: list[str] = []
        seen.page.on("request", lambda r: ends.append(r.url) if "/oauth2callback?" in r.url else None)
        sign_in(seen, "the chair")
        inside(seen)
        with house.visitor() as other:
            other.page.goto(ends[0])
            outside(other)
        seen.settle()
        sign_out(seen)
        seen.page.goto(ends[0])
        outside(seen)


def test_a_changed_cookie_signs_nobody_in(house: House) -> None:
    with house.person("a viewer") as seen:
        context: BrowserContext = seen.page.context
        (cookie,) = [c for c in context.cookies() if c["name"] == "_streamlit_user"]
        changed = cookie["value"][:-4] + ("AAAA" if not cookie["value"].endswith("AAAA") else "BBBB")
        context.add_cookies([{**cookie, "value": changed}])  # type: ignore[typeddict-item]
        seen.page.goto(seen.url)
        outside(seen)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}],
    ids=["origin", "host"],
)
def test_another_site_cannot_talk_to_the_app(house: House, headers: dict[str, str]) -> None:
    """Neither a page of another site nor a name that was made to point here gets a connection."""
    address = house.app.url.replace("http", "ws") + "/_stcore/stream"
    with connect(address, additional_headers={"Origin": house.app.url}, subprotocols=["streamlit"]):  # type: ignore[list-item]
        pass
    with pytest.raises(InvalidStatus, match=r"HTTP 40[03]"):
        connect(address, additional_headers=headers, subprotocols=["streamlit"])  # type: ignore[list-item]
