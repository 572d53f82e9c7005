"""The pages and API of places: they stand below accounts, so they are tried from here."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.places.factories import BUILDING, COMMUNITY, GRID, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.models import Region, Station

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
PLACE = f"/console/places/{COMMUNITY}/"
TOLD = {
    "name": "新竹社区志愿服务站",
    "region_code": COMMUNITY,
    "address": "新竹路 12 号",
    "phone": "0771-5530103",
    "longitude": "108.335",
    "latitude": "22.815",
}
API_TOLD = {
    **TOLD,
    "hours": [{"weekday": 0, "opens_at": "09:00", "closes_at": "12:00"}],
    "features": ["venue"],
}


def worker_client(**told):
    return client_of(make_worker(**told))


def shown(client, url, **query):
    return client.get(url, query).content.decode()


def test_strangers_sign_in_first():
    for url in ("/stations/", "/console/places/"):
        assert Client().get(url)["Location"] == f"/sign-in/?next={url}"


def test_clerk_walks_down_the_tree():
    client = worker_client()

    assert client.get("/console/places/")["Location"] == PLACE
    assert "第1网格" in shown(client, PLACE)
    assert "2栋" in shown(client, f"/console/places/{GRID}/")
    assert "还没有填写" not in shown(client, f"/console/places/{BUILDING}/")


def test_outsiders_meet_nothing():
    neighbour, resident = worker_client(region=NEIGHBOUR_COMMUNITY), client_of(make_person())

    for path in ("", "children/", "name/", "point/", "closure/"):
        answer = neighbour.post(PLACE + path) if path else neighbour.get(PLACE)
        assert answer.status_code == 404
    for url in ("/console/places/", "/console/places/stations/new/", PLACE):
        assert resident.get(url).status_code == 404
    assert resident.get(f"/api/v1/regions/{COMMUNITY}").status_code == 404


def test_grid_and_building_are_added_renamed_moved_and_closed():
    client = worker_client()

    client.post(PLACE + "children/", {"name": "第2网格"})
    grid = f"/console/places/{COMMUNITY}002/"
    client.post(grid + "children/", {"name": "9栋", "longitude": "108.3", "latitude": "22.8"})
    building = f"/console/places/{COMMUNITY}002001/"
    client.post(building + "name/", {"name": "九号楼"})
    client.post(building + "point/", {"longitude": "108.4", "latitude": "22.9"})
    client.post(building + "closure/")

    closed = Region.objects.get(name="九号楼")
    assert (closed.former_names, closed.longitude) == (["9栋"], 108.4)
    assert closed.valid_to is not None
    assert "九号楼" in shown(client, grid)


@pytest.mark.parametrize(
    ("url", "told", "words"),
    [
        (f"/console/places/{GRID}/children/", {"name": "1栋"}, "已经有同名"),
        (f"/console/places/{GRID}/children/", {"name": "3栋", "longitude": "108"}, "一起填"),
        (f"/console/places/{BUILDING}/name/", {"name": "2栋"}, "已经有同名"),
        (f"/console/places/{BUILDING}/point/", {"longitude": "200", "latitude": "1"}, "一起填"),
        (PLACE + "name/", {"name": "别名"}, "国家统一区划"),
    ],
)
def test_refusals_are_shown_on_the_page(url, told, words):
    answer = worker_client().post(url, told)

    assert answer.status_code == 422
    if url != PLACE + "name/":
        assert words in answer.content.decode()


def test_station_is_opened_edited_and_found():
    client = worker_client()

    client.post(
        "/console/places/stations/new/",
        {**TOLD, "features": ["venue", "team"], "hours_0": "09:00-12:00，14:00-18:00"},
    )
    station = Station.objects.get()
    editor = f"/console/places/stations/{station.public_id}/"
    assert "09:00-12:00, 14:00-18:00" in shown(client, editor)
    client.post(editor, {**TOLD, "name": "新站", "hours_6": "08:00-20:00"})

    page = shown(client_of(make_person()), "/stations/", region="450103001", q="新")
    assert "新站" in page
    assert "tel:0771-5530103" in page
    assert "新站" not in shown(client, "/stations/", q="没有")


def test_impossible_station_is_refused():
    client = worker_client()

    answer = client.post("/console/places/stations/new/", {**TOLD, "hours_0": "12:00-09:00"})
    far = client.post("/console/places/stations/new/", {**TOLD, "longitude": "999"})

    assert (answer.status_code, far.status_code) == (422, 422)
    assert not Station.objects.exists()


def cost_of(client, url):
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_pages_cost_the_same_for_one_row_and_three():
    client = worker_client()
    client.post("/api/v1/stations", API_TOLD, **JSON)
    client.get(PLACE)
    before = [cost_of(client, url) for url in (PLACE, "/stations/")]

    for number in (2, 3):
        client.post(PLACE + "children/", {"name": f"第{number}网格"})
        client.post("/api/v1/stations", {**API_TOLD, "name": f"站{number}"}, **JSON)
    client.get(PLACE)

    assert [cost_of(client, url) for url in (PLACE, "/stations/")] == before


def test_api_keeps_places():
    client = worker_client()
    url = f"/api/v1/regions/{COMMUNITY}"

    grid = client.post(f"{url}/children", {"name": "第2网格"}, **JSON).json()
    below = f"/api/v1/regions/{grid['code']}"
    building = client.post(f"{below}/children", {"name": "1栋"}, **JSON)
    client.put(f"{below}/name", {"name": "二网格"}, **JSON)
    client.put(f"{below}/point", {"longitude": 108.3, "latitude": 22.8}, **JSON)
    refused = client.post(f"{below}/closure")

    assert building.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (409, "place_not_empty")
    assert client.post(f"/api/v1/regions/{building.json()['code']}/closure").status_code == 200
    assert client.get(below).json()["former_names"] == ["第2网格"]
    assert [row["buildings"] for row in client.get(f"{url}/children").json()["items"]] == [2, 0]


def test_api_opens_and_edits_stations():
    client = worker_client()

    made = client.post("/api/v1/stations", API_TOLD, **JSON)
    url = f"/api/v1/stations/{made.json()['id']}"
    edited = client.put(url, {**API_TOLD, "name": "新站"}, **JSON).json()

    assert made.status_code == 201
    assert (edited["name"], edited["features"]) == ("新站", ["venue"])
    (station,) = client.get("/api/v1/stations").json()["items"]
    assert station["hours"][0]["opens_at"] == "09:00:00"
    stranger = worker_client(region=NEIGHBOUR_COMMUNITY)
    assert stranger.put(url, API_TOLD, **JSON).status_code == 404
