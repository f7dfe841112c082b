"""The same templates with the same contexts and the same compression, with neither database nor session: what a page costs at the least."""

import pickle
import sys
from typing import Any

import uvicorn
from litestar import Litestar, Request, get
from litestar.response import Response

from server.web.page import html, render


def app(pages: list[tuple[str, dict[str, Any]]]) -> Litestar:
    """``/0``, ``/1`` … each renders its template from its stored context."""

    @get("/{page:int}")
    async def bare(request: Request[Any, Any, Any], page: int) -> Response[bytes]:
        template, context = pages[page]
        return html(request, render(template, context))

    return Litestar(route_handlers=[bare], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        uvicorn.run(app(pickle.load(file)), host="127.0.0.1", port=int(sys.argv[2]), log_level="error", loop="uvloop", http="httptools")
