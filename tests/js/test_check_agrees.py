"""A phone says of a report what the server would: the same points, hints, marks and likeness, whatever was typed."""

import unicodedata
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.insight.score.lexicon import lexicon
from server.insight.score.rules.lexicon import bare
from server.insight.score.rules.quality import Earlier, check
from tests.insight.score.test_quality import REPORTS
from tests.js.node import run

Case = dict[str, Any]

TABLE: list[Case] = [
    {
        "text": one["text"],
        "title": one.get("title", ""),
        "files": one.get("files", 0),
        "earlier": [{"text": text, "whose": one.get("whose", "own")} for text in one.get("earlier", [])],
    }
    for one in REPORTS
]
HOSTILE = (
    "Đã gửi 12 hồ sơ\u200b cho\u00a0Sở\u3000Nội vụ\x1cngày\x8520/11", "\ufeff­­Đã\u2003họp",
    "١٢ hồ sơ và １２/１５ thủ tục, ², Ⅳ, ½ công việc", "ΟΔΟΣ İSTANBUL ẞ ǅ ŉ ﬁ", "👨‍👩‍👧 xong 5 🚀 𝔘𝔫𝔦 hồ sơ 𝟝𝟝 việc",
    "日本語 và tiếng Việt với 12 件 đã gửi", "q\u0301ua \u0301 dấu đứng một mình\u0323",
    "a_b _ __ 1_2 _12 hồ sơ", "###12#13# #", "1.2.3/4,5:6 7-8 9 / 10",
    "Dòng một\r\nđã gửi\u2028trình 3 bản\nký\vhọp\f- lập", "12/KH-UBND, 5/2026/QĐ-UBND số 7, cv 3, công văn số12",
    "31/12 32/12 0/1 5/13 5-12 5.12.26 5/12/2026 xã",
    "quý iv thứ hai thứ 8 tháng 13 ngày 5 hôm nay", "ngày 5/12 xã, 5/12 xã", "0,5 % %% 5%", "hồ sơ: 12",
    "x" * 3000, "đã " * 90, "xong. " * 70,
    "한국어 보고 12 건", "\u0130\u0307 i\u0307", "Σ aΣ aΣb Σ.", "",
)  # fmt: skip


def _agree(cases: list[Case]) -> None:
    known = lexicon()
    found = run("check.mjs", {"lexicon": msgspec.to_builtins(known), "cases": cases})
    for case, here in zip(cases, found, strict=True):
        earlier = [Earlier(**one) for one in case["earlier"]]
        assert here == msgspec.to_builtins(check(case["text"], known, case["title"], earlier, case["files"])), ascii(case)


def test_a_table_of_reports_reads_alike_in_every_form() -> None:
    forms = [
        {**one, "text": form(one["text"]), "title": form(one["title"])}
        for one in TABLE
        for form in (str, str.upper, lambda text: unicodedata.normalize("NFD", text), lambda text: bare(text.lower()))
    ]
    hostile = [{"text": one, "title": HOSTILE[at - 1], "files": at % 2, "earlier": []} for at, one in enumerate(HOSTILE)]
    again = [{**one, "earlier": [*one["earlier"], {"text": TABLE[at - 1]["text"], "whose": "own"}]} for at, one in enumerate(TABLE)]
    _agree([*forms, *hostile, *again])


#: Bits of reports, so that what is generated meets the rules; what Python's Unicode does not know yet, a browser may.
BITS = st.one_of(
    st.sampled_from([one for words in msgspec.to_builtins(lexicon()).values() for one in words]),
    st.sampled_from(["12", "5/12", "20/11/2026", "1.250", "70 %", "215/TTr-SNV", ". ", "\n", "; ", "- ", ",", ":", "\u00a0", "!"]),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=6),
)
TEXT = st.lists(BITS, max_size=30).map(" ".join)
CASE = st.fixed_dictionaries(
    {
        "text": TEXT,
        "title": TEXT,
        "files": st.integers(0, 2),
        "earlier": st.lists(st.fixed_dictionaries({"text": TEXT, "whose": st.sampled_from(["own", "colleague"])}), max_size=2),
    }
)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(CASE, min_size=50, max_size=120))
def test_whatever_is_typed_reads_alike(cases: list[Case]) -> None:
    _agree(cases + [{**one, "earlier": [{"text": other["text"], "whose": "own"}]} for one, other in pairwise(cases)])
