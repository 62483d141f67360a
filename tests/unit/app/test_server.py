"""Every HTTP answer carries the security headers, whatever answered."""

import asyncio

from app.server import SECURITY_HEADERS, SecurityHeaders


async def _not_found(scope, receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": [(b"server", b"x")]})
    await send({"type": "http.response.body", "body": b"nothing here"})


def answer(kind):
    sent = []

    async def keep(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(_not_found)({"type": kind}, None, keep))
    return sent


def test_even_an_error_carries_every_header():
    start, body = answer("http")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}

    assert {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items() <= (
        headers.items()
    )
    assert headers["server"] == "x"
    assert body["body"] == b"nothing here"


def test_a_websocket_is_left_alone():
    assert answer("websocket")[0]["headers"] == [(b"server", b"x")]


def test_pictures_may_come_from_nowhere_but_here():
    assert "img-src 'self' data: blob:" in SECURITY_HEADERS["Content-Security-Policy"]
    assert "http:" not in SECURITY_HEADERS["Content-Security-Policy"]
