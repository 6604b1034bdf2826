"""Web addresses: taken apart where they come in, and encoded where they go out."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

EXPECTED = "a web address such as https://example.org/report: http or https, a host, no spaces or brackets"
LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*\.?", re.IGNORECASE)
FOREIGN = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\^`{|}\[\]\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
KEPT = "/:@!$&'()*+,;=~%?-._"  # what RFC 3986 lets stand in a path or a query, and what is encoded already


def web_address(text: object) -> str | None:
    """The address with all but plain ASCII percent-encoded; None for what is no web address.

    http or https with a host, without user names (`https://bank.example@elsewhere.example`), spaces, brackets or
    control characters. A host in other letters than ASCII comes out as punycode, so that nobody takes it for another.
    """
    given = text if isinstance(text, str) else ""
    if not given or FOREIGN.search(given):
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not HOST.fullmatch(host):
        return None
    place = host if port is None else f"{host}:{port}"
    query = f"?{quote(parts.query, safe=KEPT)}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe=KEPT)}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{quote(parts.path, safe=KEPT)}{query}{fragment}"


def host_of(address: str) -> str:
    """The host of a web address, as people read it: without `www.` and port."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
