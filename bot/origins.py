"""Pages of ours, told from those of others by what a browser says of where a request was made.

A cookie, or a link that somebody has seen, comes along with requests from any page; `Origin` cannot be made up by one.
Browsers send it with every form that is posted and every socket that is opened, so without it only `Sec-Fetch-Site` is
believed, which no page can set either. A program that is no browser has to name the origin, as docs/web.md says.
"""

from urllib.parse import urlsplit

from aiohttp import web


def origin_of(url: str) -> str:
    whole = urlsplit(url)
    return f"{whole.scheme}://{whole.netloc}"


def is_from_our_page(request: web.Request, home: str) -> bool:
    """The page came from `home`, where the house is known, or from the host asked now; over https where home does."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    scheme, _, host = origin.partition("://")
    if home and origin == origin_of(home):
        return True
    return host == request.host and scheme in ({"https"} if home.startswith("https://") else {"http", "https"})
