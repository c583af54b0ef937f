"""What every request must be, and what every answer says: known hosts, this page alone, bodies of a size, nothing kept by a browser."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIB = 1024 * 1024
# A form carries the text of a case up to three times, percent signs included.
LARGEST_FORM = 8 * MIB
LARGEST_CASE = MIB
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
# Listening so means: at every address of the machine.
EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], root: str) -> None:
        self.app, self.hosts, self.root = app, frozenset((*LOCAL, *hosts)), root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses what is not meant for this page; puts the headers on every answer."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, answering)
            return
        if self.root and (scope["path"] == self.root or scope["path"].startswith(f"{self.root}/")):
            path = scope["path"][len(self.root) :] or "/"
            scope = {**scope, "path": path, "raw_path": path.encode("utf-8"), "root_path": ""}
        largest = LARGEST_CASE if scope["path"] == "/plan" else LARGEST_FORM
        await self.app(scope, _limited(receive, largest), answering)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._known(_name(host)):
            return PlainTextResponse("unknown host\n", 400)
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and scope["method"] != "GET":
            return PlainTextResponse("a request of another page\n", 403)
        origin = headers.get("origin")
        if origin and "sec-fetch-site" not in headers and not self._ours(origin, host):
            return PlainTextResponse("a request of another page\n", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_FORM:
            return _too_large()
        return None

    def _known(self, name: str) -> bool:
        """A name that this page goes by; where it listens at every address, these addresses too: no foreign name leads here."""
        return name in self.hosts or (not self.hosts.isdisjoint(EVERYWHERE) and _is_address(name.strip("[]")))

    def _ours(self, origin: str, host: str) -> bool:
        return urlsplit(origin).netloc == host


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


def _too_large() -> PlainTextResponse:
    return PlainTextResponse("larger than a case can be\n", 413)


def _limited(receive: Receive, largest: int) -> Receive:
    """`receive`, counting."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise HTTPException(413)
        return message

    return counting
