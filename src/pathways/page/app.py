"""The application: its addresses, and how a request becomes a page."""

from __future__ import annotations

import difflib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pathways.case.loading import parse_case
from pathways.documents.problems import PathwaysError
from pathways.drawing.style import css
from pathways.messages.catalogue import say
from pathways.page.afternoon import afternoon
from pathways.page.guarding import Guard
from pathways.page.opened import ConflictError, Opened
from pathways.page.record import last_words
from pathways.page.registry import Screen, screens
from pathways.page.shared import title_of_case
from pathways.page.sitting import Sitting, written
from pathways.page.words import labels
from pathways.planning.plan import plan
from pathways.report import page
from pathways.report.words import NOTICE
from pathways.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
MOST_FIELDS = 4000
STATIC = {"page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def application(opened: Opened, *, hosts: tuple[str, ...] = (), root: str = "") -> ASGIApp:
    """The page on what was opened, as an ASGI application."""
    pages = Pages(opened, root)
    routes = [
        Route("/", pages.front, methods=["GET"]),
        Route("/healthz", _healthz, methods=["GET"]),
        Route("/plan", _plan, methods=["POST"]),
        Route("/static/{name}", _static, methods=["GET"]),
        Route("/{screen}", pages.screen, methods=["GET", "POST"]),
    ]
    handlers: dict[Any, Any] = {Exception: _fault, HTTPException: _refused}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), hosts, root)


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


async def _plan(request: Request) -> Response:
    body = await request.body()
    return await run_in_threadpool(_planned, body)


def _planned(body: bytes) -> Response:
    """The document of `plan --json` for a case as YAML or JSON."""
    try:
        made = plan(parse_case(body.decode("utf-8-sig"), "case"))
    except UnicodeDecodeError:
        return JSONResponse({"problems": ["case: not UTF-8"]}, 422)
    except PathwaysError as error:
        return JSONResponse({"problems": str(error).splitlines()}, 422)
    return JSONResponse(made.as_json())


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "style.css":
        return Response(_style(), media_type="text/css")
    if name not in STATIC:
        raise HTTPException(404)
    return Response((HERE / "static" / name).read_text(encoding="utf-8"), media_type=STATIC[name])


@cache
def _style() -> str:
    """The colours of pictures, then of the page. The colours of a page are those of its pictures."""
    return css().replace(".pw{--", ":root,.pw{--") + (HERE / "static" / "page.css").read_text(encoding="utf-8")


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return PlainTextResponse(
        {404: "no such page\n", 405: "not that way\n", 413: "larger than a case can be\n"}.get(status, "refused\n"),
        status,
    )


async def _fault(_: Request, error: Exception) -> Response:
    """A fault of the program: where it was is said, nothing of what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    sys.stderr.write(f"pathways: a fault of the program: {type(error).__name__} {place}\n")
    sys.stderr.flush()
    return PlainTextResponse("a fault of the program; what was saved is whole\n", 500)


class Pages:
    """The pages of what was opened."""

    def __init__(self, opened: Opened, root: str) -> None:
        self.opened, self.root = opened, root

    async def front(self, request: Request) -> Response:
        """The first page: the case that was opened, the cases of the folder, or a new one."""
        if self.opened.listed and not request.query_params.get("file"):
            return await run_in_threadpool(self._afternoon)
        return await run_in_threadpool(self._opened, screens()[0], request.query_params.get("file", ""))

    async def screen(self, request: Request) -> Response:
        """A screen: of a file of the folder, or of what was sent."""
        wanted = next((one for one in screens() if one.id == request.path_params["screen"]), None)
        if wanted is None:
            raise HTTPException(404)
        if request.method != "POST":
            return await run_in_threadpool(self._opened, wanted, request.query_params.get("file", ""))
        body = await request.body()
        try:
            pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return PlainTextResponse("no form of this page\n", 400)
        return await run_in_threadpool(self._sent, wanted, pairs)

    def _afternoon(self) -> Response:
        template = _environment().get_template("afternoon.html.j2")
        return HTMLResponse(
            template.render(
                rows=afternoon(self.opened), root=self.root, words=labels(), notice=NOTICE, version=__version__
            )
        )

    def _opened(self, screen: Screen, name: str) -> Response:
        name = name or self.opened.only
        try:
            sitting = Sitting.of_file(self.opened, self.opened.read(name)) if name else Sitting.new(self.opened)
        except PathwaysError as error:
            return PlainTextResponse(f"{error}\n", 404)
        return self._page(screen, sitting)

    def _sent(self, screen: Screen, pairs: list[tuple[str, str]]) -> Response:
        sitting = Sitting.sent_as(self.opened, pairs)
        do = sitting.sent.get("do", "")
        if do == "save" or (do == "decide" and not sitting.file):
            sitting.save(sitting.file or sitting.opened.only or sitting.free_name)
        elif do == "save_as":
            sitting.save(sitting.sent.get("as", "").strip())
        elif do == "save_other":
            sitting.save(sitting.sent.get("other_name", "").strip())
        elif do == "take_theirs" and sitting.file:
            try:
                sitting = Sitting.of_file(self.opened, self.opened.read_again(sitting.file))
            except PathwaysError as error:
                sitting.errors.append(str(error))
        return self._page(screen, sitting)

    def _page(self, screen: Screen, sitting: Sitting) -> Response:
        values = screen.make(sitting)
        template = _environment().get_template(f"{screen.id}.html.j2")
        text = template.render(
            values, root=self.root, screen=screen.id, heading=screen.words, title=title_of_case(sitting), sitting=sitting,
            name=sitting.file or say("bench.new_name"), unsaved=sitting.unsaved, screens=screens(), words=labels(),
            heads=page.headings(), notice=NOTICE, version=__version__, protocols=list(self.opened.protocols),
            before=written(sitting.before), shown=written(sitting.standing), conflict=_side_by_side(sitting.conflict, sitting),
            classes=" ".join(one for one in ("projector", "explain") if getattr(sitting, one)),
            last=last_words(sitting) if screen.id in ("case", "pathways") else "",
        )  # fmt: skip
        return HTMLResponse(text)


def _side_by_side(found: ConflictError | None, sitting: Sitting) -> dict[str, Any] | None:
    """Both texts line by line, each with what the other does not have marked."""
    if found is None:
        return None
    mine, theirs = sitting.text.splitlines(), found.theirs.splitlines()
    marked: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] = ([], [])
    for what, a, b, c, d in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        marked[0].extend((what != "equal", one) for one in mine[a:b])
        marked[1].extend((what != "equal", one) for one in theirs[c:d])
    return {
        "mine": marked[0],
        "theirs": marked[1],
        "text": found.theirs,
        "mark": found.mark,
        "free": sitting.another_name,
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader([HERE / "templates", page.TEMPLATES]), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
