from datetime import datetime
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.reporting.briefs.factories import make_brief
from linbang.reporting.briefs.models import Brief
from linbang.reporting.statistics.factories import make_service

pytestmark = pytest.mark.django_db

LIST = "/console/briefs/"
NEW = "/console/briefs/new/"
ABOUT = f"?region={COMMUNITY}&period=2026-10"
OCTOBER = datetime(2026, 10, 10, 9, 0, tzinfo=CHINA)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=CHINA)
TEXT = {
    "unit": "新竹社区",
    "title": "情况",
    "body": "一、总体\r\n平稳 <b>&",
    "report_to": "区民政局",
    "copies": "20",
}


@pytest.fixture
def officer():
    return make_worker("刘洋", role=Role.COMMUNITY_OFFICER)


def test_draft_comes_with_the_figures(officer):
    make_service(make_volunteer().person, make_person("欧阳秀英"), starts_at=OCTOBER)

    page = client_of(officer).get(NEW + ABOUT)

    assert page.context["form"].initial["unit"] == "新竹街道新竹社区"
    content = page.content.decode()
    assert "新竹社区2026年10月志愿服务工作情况" in content
    assert "欧阳秀英" not in content


def test_preview_stores_nothing(officer):
    page = client_of(officer).post(f"{NEW}preview/{ABOUT}", TEXT)

    assert page.status_code == 200
    assert "平稳 &lt;b&gt;&amp;" in page.content.decode()
    assert "报：区民政局" in page.content.decode()
    assert not Brief.objects.exists()


def test_brief_is_issued_from_the_page(officer):
    answer = client_of(officer).post(f"{NEW}issue/{ABOUT}", TEXT, follow=True)

    brief = Brief.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{brief.public_id}/", 302)]
    assert (brief.number, brief.distribution) == (1, "报：区民政局\n共印20份")
    assert "第1期" in answer.content.decode()


@pytest.mark.parametrize("step", ["preview", "issue"])
def test_refusal_is_shown_in_the_form(officer, step):
    page = client_of(officer).post(f"{NEW}{step}/{ABOUT}", {**TEXT, "body": "电话13812345678"})

    assert page.status_code == 422
    assert "13812345678" in page.context["form"].errors["body"][0]


def test_unfilled_form_is_shown_again(officer):
    client = client_of(officer)

    assert client.post(f"{NEW}issue/{ABOUT}", {}).status_code == 422
    assert client.post(f"{NEW}preview/{ABOUT}", {}).status_code == 422


def test_draft_without_choice_is_of_the_last_month(officer):
    page = client_of(officer).get(NEW, {"period": "nonsense"})

    assert (page.context["region"].code, page.context["period"].kind) == (COMMUNITY, "month")
    assert page.context["period"].ends_at <= page.context["span"].ends_at


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries(officer, django_assert_num_queries, rows):
    for number in range(rows):
        make_brief(officer, now=NOW, title=f"情况{number}")
    client = client_of(officer)
    client.get(LIST)

    with django_assert_num_queries(7):
        page = client.get(LIST)
    assert len(page.context["page"]) == rows


def test_brief_is_read_and_taken_along(officer):
    brief = make_brief(officer, now=NOW)
    client = client_of(make_worker())

    page = client.get(f"{LIST}{brief.public_id}/")
    file = client.get(f"{LIST}{brief.public_id}/document/")

    assert "本月平稳。" in page.content.decode()
    assert "filename=brief-2026-01.docx" in file["Content-Disposition"]
    assert Document(BytesIO(file.content)).core_properties.title == brief.title
    event = AuditEvent.objects.get(action="briefs.download_brief")
    assert event.outcome == "exported"


def test_document_has_the_official_look(officer):
    make_service(make_volunteer().person, make_person(), starts_at=OCTOBER)
    client = client_of(officer)
    client.post(f"{NEW}issue/{ABOUT}", TEXT)
    brief = Brief.objects.get()

    document = Document(BytesIO(client.get(f"{LIST}{brief.public_id}/document/").content))

    section, texts = document.sections[0], [one.text for one in document.paragraphs]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert round(section.page_width.mm) == round(Mm(210).mm)
    head = document.paragraphs[0].runs[0]
    assert (head.text, str(head.font.color.rgb)) == ("工作简报", "C8102E")
    assert head._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert texts[1] == f"〔{brief.year}〕第1期"
    assert texts[2].startswith("新竹社区\t")
    rule = document.paragraphs[2]._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "C8102E"
    assert "平稳 <b>&" in texts
    assert texts[-2:] == ["报：区民政局", "共印20份"]
    assert [cell.text for cell in document.tables[0].rows[3].cells] == [
        "居民求助（件）",
        "不足5",
        "0",
    ]
    assert document.tables[1].rows[1].cells[0].text == "社区服务"


@pytest.mark.parametrize("path", ["", "new/", "new/preview/", "new/issue/"])
def test_resident_sees_no_briefs(path):
    client = client_of(make_actor(make_person()))

    assert client.get(LIST + path).status_code in (404, 405)
    assert client.post(LIST + path).status_code in (404, 405)


def test_worker_reads_and_does_not_write():
    client = client_of(make_worker())

    assert client.get(LIST).status_code == 200
    assert client.get(NEW).status_code == 404
    assert client.post(f"{NEW}issue/{ABOUT}", TEXT).status_code == 404


def test_neighbours_brief_is_hidden(officer):
    brief = make_brief(officer, now=NOW)
    neighbour = client_of(
        make_worker("何伟", region=NEIGHBOUR_COMMUNITY, role=Role.COMMUNITY_OFFICER)
    )

    for path in ("", "document/"):
        assert neighbour.get(f"{LIST}{brief.public_id}/{path}").status_code == 404
    assert neighbour.get(f"/api/v1/briefs/{brief.public_id}").status_code == 404
    assert neighbour.get(NEW + ABOUT).status_code == 404
    assert brief.title not in neighbour.get(LIST).content.decode()


def test_api_drafts_issues_and_lists(officer):
    client = client_of(officer)
    draft = client.get("/api/v1/briefs/draft", {"period": "2026-10"}).json()
    sent = {name: draft[name] for name in ("region", "period", "unit", "title", "body")}

    issued = client.post("/api/v1/briefs", sent, content_type="application/json")
    listed = client.get("/api/v1/briefs").json()

    assert (issued.status_code, issued.json()["number"]) == (201, 1)
    assert (listed["count"], listed["items"]) == (1, [issued.json()])
    assert client.get(f"/api/v1/briefs/{issued.json()['id']}").json() == issued.json()


def test_api_refuses_as_problem(officer):
    sent = {"region": COMMUNITY, "period": "2026-10", "unit": "社区", "title": "情况"}

    answer = client_of(officer).post(
        "/api/v1/briefs", {**sent, "body": "13812345678"}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "personal_data_in_brief")


def test_api_hides_what_is_not_ones_own(officer):
    client = client_of(officer)
    sent = {
        "region": NEIGHBOUR_COMMUNITY,
        "period": "2026-10",
        "unit": "x",
        "title": "x",
        "body": "x",
    }

    assert client.post("/api/v1/briefs", sent, content_type="application/json").status_code == 404
    draft = client.get("/api/v1/briefs/draft", {"region": NEIGHBOUR_COMMUNITY, "period": "2026"})
    assert draft.status_code == 404
