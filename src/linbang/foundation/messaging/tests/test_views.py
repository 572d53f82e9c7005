import pytest
from django.urls import reverse

from linbang.foundation.messaging.factories import make_notice, send_code
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_person

pytestmark = pytest.mark.django_db
INBOX = reverse("messaging:inbox")


@pytest.fixture
def elder():
    return make_person("李秀英")


def reading(notice):
    return reverse("messaging:reading", args=[notice.public_id])


def test_stranger_signs_in_first(client):
    assert client.get(INBOX).status_code == 302


def test_empty_inbox_says_so(client, elder):
    client.force_login(elder.account)

    assert "还没有消息" in client.get(INBOX).content.decode()


def test_inbox_shows_own_notices_only(client, elder):
    make_notice(elder, params={"item": "陪同就医"})
    make_notice(make_person("钱进"), params={"item": "上门理发"})
    client.force_login(elder.account)

    text = client.get(INBOX).content.decode()

    assert "陪同就医" in text
    assert "上门理发" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_the_same_however_long(client, elder, count, django_assert_max_num_queries):
    for _ in range(count):
        make_notice(elder)
    client.force_login(elder.account)
    client.get(INBOX)

    with django_assert_max_num_queries(12) as context:
        client.get(INBOX)

    notices = [query for query in context if '"messaging_notice"' in query["sql"]]
    assert len(notices) <= 4


def test_reading_leads_to_the_matter(client, elder):
    notice = make_notice(elder, url="/needs/")
    client.force_login(elder.account)

    response = client.post(reading(notice))

    assert response["Location"] == "/needs/"
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("url", ["", "https://example.org/", "//example.org"])
def test_reading_never_leads_away(client, elder, url):
    notice = make_notice(elder, url=url)
    client.force_login(elder.account)

    assert client.post(reading(notice))["Location"] == INBOX


def test_notice_of_another_is_not_found(client, elder):
    notice = make_notice(elder)
    client.force_login(make_person("钱进").account)

    assert client.post(reading(notice)).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_at_once(client, elder):
    make_notice(elder)
    make_notice(elder)
    client.force_login(elder.account)

    response = client.post(reverse("messaging:reading-all"), follow=True)

    assert "2 条已标为已读" in response.content.decode()
    assert not Notice.objects.filter(read_at=None).exists()


def test_demo_shows_text_messages(client):
    send_code("13800001234", "246810")

    assert "246810" in client.get("/dev/outbox/").content.decode()


def test_real_site_shows_no_text_messages(client, settings):
    settings.LINBANG_DEMO = False
    send_code("13800001234", "246810")

    response = client.get("/dev/outbox/")

    assert response.status_code == 404
    assert "246810" not in response.content.decode()


def test_api_lists_and_reads(client, elder):
    notice = make_notice(elder)
    make_notice(make_person("钱进"))
    client.force_login(elder.account)

    inbox = client.get("/api/v1/inbox").json()
    assert (inbox["count"], inbox["unread"]) == (1, 1)
    assert inbox["items"][0]["id"] == str(notice.public_id)

    assert client.post(f"/api/v1/inbox/{notice.public_id}/reading").json()["is_read"] is True
    assert client.post("/api/v1/inbox/reading").json() == {"read": 0}


def test_api_hides_notice_of_another(client, elder):
    notice = make_notice(elder)
    client.force_login(make_person("钱进").account)

    assert client.post(f"/api/v1/inbox/{notice.public_id}/reading").status_code == 404
