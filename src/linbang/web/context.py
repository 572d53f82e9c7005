"""What the frame shows around every page: tabs, console rooms, the inbox, who is signed in."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from linbang.foundation.messaging.queries import unread_count
from linbang.web import queries, rules
from linbang.web.choices import Room


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give the tabs, the console's rooms, the unread notices and the reader's own name."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return {}
    reader = queries.reader_of(actor)
    return {
        "tabs": _entries(rules.tab_rooms(is_volunteer=reader.is_volunteer), request.path),
        "nav": _entries(rules.console_rooms(actor), request.path),
        "inbox_url": reverse("messaging:inbox"),
        "inbox_unread": unread_count(actor),
        "who": {"name": reader.name, "role": reader.role, "url": reverse("people:profile")},
    }


def _entries(rooms: Any, path: str) -> list[dict[str, Any]]:
    addressed = [(room, address) for room in rooms if (address := _address(room))]
    room_of = {way: address for room, address in addressed for way in (address, *room.also)}
    current = room_of.get(rules.current_room(path, room_of), "")
    return [
        {
            "label": room.label,
            "url": address,
            "icon": room.icon,
            "section": room.section,
            "primary": room.url_name == "needs:new",
            "current": address == current,
        }
        for room, address in addressed
    ]


def _address(room: Room) -> str:
    try:
        return reverse(room.url_name)
    except NoReverseMatch:
        return ""
