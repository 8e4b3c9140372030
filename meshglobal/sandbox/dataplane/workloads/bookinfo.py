"""The Bookinfo sample: a page that asks for details and reviews; the later reviews ask for ratings."""

from __future__ import annotations

import asyncio
import html
import json
from functools import partial
from typing import Any, Final

from aiohttp import web

from meshglobal.sandbox.dataplane.answers import Answer
from meshglobal.sandbox.dataplane.workloads.app import App, Context, as_json, not_found

_PORT: Final = 9080
_OK: Final = 200
_FORWARDED: Final = ("end-user", "x-request-id", "traceparent", "user-agent")
_BOOK: Final = {
    "id": 0,
    "author": "William Shakespeare",
    "year": 1595,
    "type": "paperback",
    "pages": 200,
    "publisher": "PublisherA",
    "language": "English",
    "ISBN-10": "1234567890",
    "ISBN-13": "123-1234567890",
}
_REVIEWS: Final = {
    "Reviewer1": "Mistaken twins, quick words and a happy end: a play that still makes one laugh.",
    "Reviewer2": "Very funny, though without the shadows that his later plays have.",
}
_STARS: Final = {"Reviewer1": 5, "Reviewer2": 4}


async def productpage(context: Context, request: web.BaseRequest) -> web.Response:
    """Answer with the page of the book, or as JSON below /api/v1."""
    match request.path:
        case "/productpage":
            return await _page(context, request)
        case "/api/v1/products/0":
            return await _passed_on(context, request, f"http://details:{_PORT}/details/0")
        case "/api/v1/products/0/reviews":
            return await _passed_on(context, request, f"http://reviews:{_PORT}/reviews/0")
        case path:
            return _fixed(path) or not_found(request)


def _fixed(path: str) -> web.Response | None:
    """The answers of the page's server that ask nobody."""
    match path:
        case "/health":
            return web.Response(text="Product page is healthy")
        case "/" | "/index.html":
            return web.Response(text=_framed('<p><a href="/productpage">Normal user</a></p>'), content_type="text/html")
        case "/api/v1/products":
            return as_json([{"id": 0, "title": _TITLE}])
        case _:
            return None


async def details(context: Context, request: web.BaseRequest) -> web.Response:  # noqa: ARG001 - an App
    """Answer with the details of the book."""
    if request.path == "/health":
        return as_json({"status": "Details is healthy"})
    return as_json(_BOOK) if request.path == "/details/0" else not_found(request)


async def ratings(context: Context, request: web.BaseRequest) -> web.Response:  # noqa: ARG001 - an App
    """Answer with the stars of each reviewer."""
    if request.path == "/health":
        return as_json({"status": "Ratings is healthy"})
    return as_json({"id": 0, "ratings": _STARS}) if request.path == "/ratings/0" else not_found(request)


async def _reviews(color: str, context: Context, request: web.BaseRequest) -> web.Response:
    """Answer with the reviews; with stars of a colour from the ratings, or without any for no colour."""
    if request.path == "/health":
        return as_json({"status": "Reviews is healthy"})
    if request.path != "/reviews/0":
        return not_found(request)
    rated = await _rated(context, request, color) if color else {}
    found = [{"reviewer": name, "text": text} | rated.get(name, {}) for name, text in _REVIEWS.items()]
    return as_json({"id": "0", "podname": context.pod, "clustername": context.cluster, "reviews": found})


reviews_v1: App = partial(_reviews, "")
reviews_v2: App = partial(_reviews, "black")
reviews_v3: App = partial(_reviews, "red")


async def _rated(context: Context, request: web.BaseRequest, color: str) -> dict[str, dict[str, Any]]:
    found = await _asked(context, request, f"http://ratings:{_PORT}/ratings/0")
    if found is None:
        return {name: {"rating": {"error": "Ratings service is currently unavailable"}} for name in _REVIEWS}
    return {name: {"rating": {"stars": stars, "color": color}} for name, stars in found["ratings"].items()}


async def _asked(context: Context, request: web.BaseRequest, url: str) -> Any:
    """What another service answers; None where it does not answer well."""
    kept = tuple((name, request.headers[name]) for name in _FORWARDED if name in request.headers)
    outcome = await context.call(url, kept)
    return json.loads(outcome.body) if isinstance(outcome, Answer) and outcome.status == _OK else None


async def _passed_on(context: Context, request: web.BaseRequest, url: str) -> web.Response:
    found = await _asked(context, request, url)
    return as_json({"error": "Sorry, this is currently unavailable."}, 503) if found is None else as_json(found)


_TITLE: Final = "The Comedy of Errors"


async def _page(context: Context, request: web.BaseRequest) -> web.Response:
    book, opinions = await asyncio.gather(
        _asked(context, request, f"http://details:{_PORT}/details/0"),
        _asked(context, request, f"http://reviews:{_PORT}/reviews/0"),
    )
    body = f"<h1>{_TITLE}</h1>\n{_details_part(book)}\n{_reviews_part(opinions)}"
    served = f"<footer>Served by pod {html.escape(context.pod)} in {html.escape(context.cluster)}</footer>"
    return web.Response(text=_framed(f"{body}\n{served}"), content_type="text/html")


def _details_part(book: dict[str, Any] | None) -> str:
    if book is None:
        return "<h2>Error fetching product details!</h2>\n<p>Sorry, product details are currently unavailable.</p>"
    rows = "".join(f"<dt>{html.escape(str(key))}</dt><dd>{html.escape(str(book[key]))}</dd>\n" for key in book)
    return f"<h2>Book Details</h2>\n<dl>\n{rows}</dl>"


def _reviews_part(found: dict[str, Any] | None) -> str:
    if found is None:
        return "<h2>Error fetching product reviews!</h2>\n<p>Sorry, product reviews are currently unavailable.</p>"
    quotes = "".join(map(_quote, found["reviews"]))
    served = f"Reviews served by: {html.escape(found['podname'])} in {html.escape(found['clustername'])}"
    return f"<h2>Book Reviews</h2>\n{quotes}<p>{served}</p>"


def _quote(review: dict[str, Any]) -> str:
    rating = review.get("rating") or {}
    stars = f' <span style="color:{rating["color"]}">{"★" * rating["stars"]}</span>' if "stars" in rating else ""
    trouble = f" <em>{html.escape(rating['error'])}</em>" if "error" in rating else ""
    text, who = html.escape(review["text"]), html.escape(review["reviewer"])
    return f"<blockquote>{text} <small>{who}</small>{stars}{trouble}</blockquote>\n"


def _framed(body: str) -> str:
    head = '  <head>\n    <title>Simple Bookstore App</title>\n    <meta charset="utf-8">\n  </head>\n'
    return f"<!DOCTYPE html>\n<html>\n{head}  <body>\n{body}\n  </body>\n</html>\n"
