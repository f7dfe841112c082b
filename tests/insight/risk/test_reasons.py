"""What a reason says, by a table of the values that the model gives."""

from typing import Any

import pytest

from ml.reasons import REASONS
from server.insight.reasons import in_words, of_risk
from server.insight.risk.reasons import WORDS, sentence


@pytest.mark.parametrize(
    ("group", "values", "said"),
    [
        ("progress", {"elapsed": 0.7512, "progress": 0.4}, "Đã dùng 75% thời hạn, tiến độ mới 40%"),
        ("progress", {"elapsed": 1.3, "progress": 0.999}, "Đã dùng 100% thời hạn, tiến độ mới 100%"),
        ("progress", {"elapsed": 0.5}, "Đã dùng 50% thời hạn, chưa báo cáo tiến độ"),
        ("progress", {"progress": 0.5}, ""),
        ("quiet", {"quiet_days": 9.4, "updates": 3.0, "elapsed": 0.5}, "9 ngày chưa cập nhật"),
        ("quiet", {"quiet_days": 9.6, "updates": 0.0}, "10 ngày kể từ khi giao chưa có cập nhật nào"),
        ("quiet", {"quiet_days": 0.6, "updates": 1.0, "elapsed": 0.8}, "Mới cập nhật 1 lần khi đã dùng 80% thời hạn"),
        ("quiet", {"quiet_days": 0.6, "updates": 0.0}, ""),
        ("hands", {"handovers": 2.0, "people": 3.0}, "Đã đổi người thực hiện 2 lần"),
        ("hands", {"handovers": 0.0, "people": 3.0}, "3 người cùng thực hiện"),
        ("hands", {"handovers": 0.0, "people": 1.0}, ""),
        ("returns", {"returns": 1.0}, "Kết quả đã bị trả lại 1 lần"),
        ("returns", {"returns": 0.0}, ""),
        ("extension", {"extensions": 2.0}, "Đã gia hạn hoặc xin gia hạn 2 lần"),
        ("waiting", {"waiting": 1.0}, "Đang chờ ý kiến hoặc chờ nơi khác phối hợp"),
        ("waiting", {"waiting": 0.0}, ""),
        ("load", {"owner_overdue": 2.0, "owner_week": 5.0}, "Người chủ trì còn 2 việc khác đã quá hạn"),
        ("load", {"owner_overdue": 0.0, "owner_week": 5.0, "owner_open": 9.0}, "5 việc khác cùng đến hạn trong 7 ngày"),
        ("load", {"owner_fortnight": 5.0}, "5 việc khác cùng đến hạn trong 14 ngày"),
        ("load", {"owner_open": 9.0, "owner_ratio": 1.6}, "Người chủ trì đang giữ 9 việc khác, nhiều hơn thường lệ"),
        ("load", {"owner_open": 9.0}, "Người chủ trì đang giữ 9 việc khác"),
        ("load", {}, ""),
        ("type", {"type_late": 0.426}, "43% việc cùng loại trước đây bị trễ hạn"),
        ("unit", {"unit_late": 0.3}, "30% việc của phòng trước đây bị trễ hạn"),
        ("time", {"elapsed": 0.76, "days_left": 8.6}, "Đã dùng 76% thời hạn, còn 9 ngày làm việc"),
        ("time", {"elapsed": 0.76}, "Đã dùng 76% thời hạn"),
        ("time", {}, ""),
        ("of a model to come", {"x": 1.0}, ""),
    ],
)
def test_a_reason_is_one_line_in_whole_numbers(group: str, values: dict[str, float], said: str) -> None:
    assert sentence(group, values) == said


def test_every_group_that_a_model_can_name_has_words_and_time_where_it_stands_alone() -> None:
    assert set(WORDS) == {*REASONS, "time"}


def test_what_is_no_reason_is_left_out_and_nothing_is_said_twice() -> None:
    stored = '[{"group": "quiet", "drop": 0.2, "values": {"quiet_days": 4, "updates": 1}}, {"group": "new", "drop": 0.1, "values": {}}]'
    assert of_risk(stored) == ["4 ngày chưa cập nhật"]
    junk: list[dict[str, Any]] = [
        {},
        {"group": 1},
        {"group": "quiet", "values": {"quiet_days": "x"}},
        {"group": "quiet", "values": {"quiet_days": float("nan")}},
    ]
    assert in_words(junk) == []
    assert in_words([{"group": "waiting", "values": {"waiting": 1}}] * 2) == ["Đang chờ ý kiến hoặc chờ nơi khác phối hợp"]
