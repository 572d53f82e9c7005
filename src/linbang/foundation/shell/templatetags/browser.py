"""Parts with a script of their own: `{% load browser %}`; see docs/browser-kit.md."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString

from linbang.foundation import clock
from linbang.foundation.shell import queries
from linbang.foundation.shell.templatetags import shell

register = template.Library()

STATIC = shell.STYLES.parents[1]
SCRIPTS = tuple(
    sorted(
        path.relative_to(STATIC).as_posix()
        for path in STATIC.glob("shell/js/*.js")
        if path.name != "worker.js"
    )
)
FRAME_FILES = (*SCRIPTS, "shell/favicon.svg", "vendor/icons.svg", "vendor/htmx.min.js")


@register.inclusion_tag("shell/parts/scanner.html")
def scanner(path: str = "", into: str = "", label: Any = "") -> dict[str, Any]:
    """Draw a reader of QR codes; the view needs ``gates.with_camera``.

    path: where our own addresses must lead, as /check-in/. into: the CSS selector of the field
    that takes any other code. Put a form with a six-digit field below it: that always works.
    """
    return {"path": path, "into": into, "label": label}


@register.inclusion_tag("shell/parts/queue.html", takes_context=True)
def queue(context: template.Context) -> dict[str, Any]:
    """Show what waits on this device to be sent; needed once on pages with queued forms."""
    request = context["request"]
    return {
        "account": queries.account_key(request),
        "csrf_token": context.get("csrf_token"),
        "sign_in": settings.LOGIN_URL,
        "back": request.get_full_path(),
    }


@register.inclusion_tag("shell/parts/express.html")
def express(url: str, token: str, done: str) -> dict[str, Any]:
    """Send the form it stands in through the fast door; without a pass it stays a form.

    url: of the hot operation. done: the page that follows; a nil UUID in it becomes the ``id`` of
    the answer.
    """
    return {"url": url, "token": token, "done": done}


@register.inclusion_tag("shell/parts/map.html", name="map")
def map_(places: Mapping[str, Any], title: Any, name: str) -> dict[str, Any]:
    """Draw points beside the list that tells the same.

    places: {"points": [{"id", "lat", "lon", "label", "note"?, "url"?, "sign"?, "tone"?}],
    "outlines"?: [{"label"?, "ring": [[lat, lon], …]}], "dots"?: [[lat, lon], …],
    "lines"?: [[[lat, lon], …], …]} in WGS-84.
    ``sign`` is what stands in the point, its number in the list by default; ``tone`` is one of
    red jade gold blue grey. Give dots (buildings) and outlines (grids) for people to find
    their way: there are no tiles unless the site has set LINBANG_MAP_TILES.
    """
    points = [
        {
            "id": str(point["id"]),
            "at": [float(point["lat"]), float(point["lon"])],
            "label": str(point["label"]),
            "note": str(point.get("note", "")),
            "url": point.get("url", ""),
            "sign": str(point.get("sign", number)),
            "tone": point.get("tone", "red"),
        }
        for number, point in enumerate(places["points"], start=1)
    ]
    spec = {
        "points": [
            {key: point[key] for key in ("id", "at", "label", "sign", "tone")} for point in points
        ],
        "outlines": [
            {"label": str(one.get("label", "")), "ring": one["ring"]}
            for one in places.get("outlines", ())
        ],
        "dots": list(places.get("dots", ())),
        "lines": list(places.get("lines", ())),
    }
    tiles = settings.LINBANG_MAP_TILES or {}
    return {"points": points, "spec": spec, "title": title, "name": name, "tiles": tiles}


@register.simple_tag
def map_data(spec: Mapping[str, Any], name: str) -> SafeString:
    """Hand a map's places to its script as inert JSON."""
    return json_script(spec, f"map-{name}")


@register.inclusion_tag("shell/parts/share.html")
def share(url: str, title: Any, text: Any = "", label: Any = "") -> dict[str, Any]:
    """Draw a button that shares an address; without script it is a link to it."""
    return {"url": url, "title": title, "text": text, "label": label}


@register.inclusion_tag("shell/parts/offline_note.html")
def offline_note() -> dict[str, Any]:
    """Say, on the copy of a page alone, from when it is."""
    return {"kept_at": clock.now()}


def worker_source() -> str:
    """Write the service worker with what it keeps; anything that changes makes it another one."""
    style = reverse("shell:stylesheet", args=[shell.style_digest()])
    frame = {
        "version": _version(),
        "offline": reverse("shell:offline"),
        "files": [
            reverse("shell:offline"),
            style,
            *(static(name) for name in FRAME_FILES),
        ],
        "statics": [settings.STATIC_URL, style.rpartition("/")[0] + "/"],
    }
    return f"const FRAME = {json.dumps(frame)};\n{_read('shell/js/worker.js')}"


def _read(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


def _version() -> str:
    return _frame_digest() if shell.is_edited() else _frame_digest_once()


def _frame_digest() -> str:
    names = (*FRAME_FILES, "shell/js/worker.js", "vendor/manifest.json")
    whole = shell.styles() + "".join(_read(name) for name in names)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


_frame_digest_once = cache(_frame_digest)
