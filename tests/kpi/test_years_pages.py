"""The pages of a year: what each shows to whom, and that its forms do what they say."""

import pytest

from server.kpi.commands.years import ComputeYear, DecideYear, PublishYears
from tests.kpi.years import DECEMBER, YEAR, closed_months, do, stored
from tests.office import CAST, TODAY, fixed_id

pytestmark = pytest.mark.anyio
LIST = f"/kpi/years/{YEAR}"
OFFICER = f"{LIST}/{CAST.officer}"


@pytest.fixture
async def year(app, clock):
    """Eleven closed months, and a week before the day of the rating."""
    clock.now = DECEMBER
    await closed_months()
    await do(ComputeYear(year=YEAR), CAST.director)


async def test_a_person_finds_his_year_and_rates_himself(visit, year):
    client = await visit("cntt.cv1")
    assert (await client.get("/kpi/year")).headers["location"] == OFFICER
    page = await client.get(OFFICER)
    assert page.status_code == 200
    assert "90,5" in page.text and "chưa có điểm tháng" in page.text
    assert "/decide" not in page.text
    sent = await client.post(f"{OFFICER}/self", data={"band": "excellent", "note": "Đã làm hết", "mutation": fixed_id("form")})
    assert sent.status_code == 303
    assert (await stored(CAST.officer))["self_band"] == "excellent"
    wrong = await client.post(f"{OFFICER}/self", data={"band": ""})
    assert wrong.status_code == 422 and "Hãy chọn một trong bốn mức" in wrong.text


async def test_every_month_is_one_tap_away(visit, year):
    from tests.kpi.years import period_id

    own = (await (await visit("cntt.cv1")).get(OFFICER)).text
    assert all(f'href="/kpi?period={period_id(month)}"' in own for month in range(1, 12))
    seen = (await (await visit("giamdoc")).get(OFFICER)).text
    assert f'href="/kpi/people/{CAST.officer}/{period_id(3)}"' in seen


async def test_the_director_decides_publishes_and_replaces(visit, year):
    client = await visit("giamdoc")
    form = {"band": "good", "without": ["12"], "without_self": "1"}
    wrong = await client.post(f"{OFFICER}/decide", data=form)
    assert wrong.status_code == 422 and "hãy ghi lý do" in wrong.text
    assert (await client.post(f"{OFFICER}/decide", data={**form, "reason": "Tập thể thống nhất"})).status_code == 303
    assert "Công khai 1 kết quả" in (await client.get(LIST)).text
    assert (await client.post(LIST, data={"do": "publish"})).status_code == 303
    seen = (await (await visit("hcth.cv1")).get(f"{LIST}/published")).text
    assert "Trần Bảo Kha" in seen and "Hoàn thành tốt" in seen and "90,5" not in seen
    assert "Quyết định mới thay thế" in (await client.get(OFFICER)).text
    again = {"band": "excellent", "without": ["12"], "reason": "Tính lại", "document": "9/QĐ-TTPVHCC", "mutation": fixed_id("v2")}
    assert (await client.post(f"{OFFICER}/correct", data=again)).status_code == 303
    assert (await stored(CAST.officer))["version"] == 2


async def test_the_list_filters_and_counts(visit, year):
    client = await visit("giamdoc")
    page = (await client.get(LIST)).text
    assert "Tỷ lệ xuất sắc" in page and "Vượt" in page and "tháng 12/2026 (8 người)" in page
    some = (await client.get(LIST, params={"unit": CAST.hcth, "band": "good"})).text
    assert "Nguyễn Thị Thu Uyển" in some and "Trần Bảo Kha" not in some.split("year-people")[1]
    head = (await (await visit("cntt.truong")).get(LIST)).text
    assert "Nông Thị Quế Anh" in head and "Nguyễn Thị Thu Uyển" not in head and "Tổng hợp từ các tháng" not in head


async def test_units_are_rated_the_rooms_first(visit, year):
    client = await visit("giamdoc")
    address = f"/kpi/units/{YEAR}/{CAST.cntt}"
    form = {"general": "28,5", "tasks": "66", "done": "100", "in_time": "100", "beyond": "40", "mended": "1", "reason": "Theo biên bản"}
    done = await client.post(f"{address}/rate", data=form)
    assert done.status_code == 303
    page = (await client.get(address)).text
    assert "94,5" in page and "Hoàn thành xuất sắc" in page
    keeper = await visit("hcth.truong")
    early = await keeper.post(f"/kpi/units/{YEAR}/{CAST.centre}/rate", data={**form, "document": "1/TB"})
    assert early.status_code == 409 and "Phòng Hành chính - Tổng hợp" in early.text
    listed = (await (await visit("hcth.cv1")).get(f"/kpi/units/{YEAR}")).text
    assert "Hoàn thành xuất sắc" in listed and "94,5" not in listed
    assert (await (await visit("hcth.cv1")).get(address)).status_code == 404
    assert (await (await visit("cntt.truong")).post(f"{address}/rate", data=form)).status_code == 403


async def test_papers_of_the_year(visit, year):
    await do(DecideYear(year=YEAR, person=CAST.officer, band="excellent", without=[12], without_self=True), CAST.director)
    client = await visit("cntt.cv1")
    sheet = await client.get(f"{OFFICER}/mau-02.xlsx")
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"
    assert (await client.get(f"{LIST}/thong-bao/{CAST.officer}.pdf")).status_code == 404, "nothing is told before it is published"
    assert (await client.get(f"{LIST}/cong-khai.xlsx")).status_code == 404
    await do(PublishYears(year=YEAR), CAST.director)
    assert (await client.get(f"{LIST}/cong-khai.xlsx")).content[:2] == b"PK"
    for address in (f"{OFFICER}/mau-02.pdf", f"{LIST}/thong-bao/{CAST.officer}.pdf", f"{LIST}/cong-khai.pdf"):
        paper = await client.get(address)
        assert paper.status_code == 200 and paper.content[:5] == b"%PDF-", address


async def test_a_petition_about_the_year_is_filed_and_answered(visit, year):
    await do(DecideYear(year=YEAR, person=CAST.officer, band="good", reason="x", without=[12], without_self=True), CAST.director)
    await do(PublishYears(year=YEAR), CAST.director)
    own = await visit("cntt.cv1")
    sent = await own.post(f"{OFFICER}/petition", data={"text": "Điểm tôi trên 90", "mutation": fixed_id("p")})
    assert sent.status_code == 303
    assert "Điểm tôi trên 90" in (await own.get(OFFICER)).text
    director = await visit("giamdoc")
    assert "Trả lời kiến nghị" in (await director.get(OFFICER)).text
    assert (await director.post(f"{OFFICER}/answer", data={"outcome": "rejected", "answer": "Đã xét"})).status_code == 303
    assert "Đã xét" in (await own.get(OFFICER)).text


async def test_a_year_before_the_decree_is_not_there(visit, year):
    client = await visit("giamdoc")
    assert (await client.get("/kpi/years/2025")).status_code == 404
    assert (await client.get(f"/kpi/years/{TODAY.year}/khong-co")).status_code == 404
