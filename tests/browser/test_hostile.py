"""A bulletin that would be a program, on the explorer page: it is shown, and nothing of it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongbao.ingest import Source
from tests.browser.opened import VIEWS, Opened
from tests.unit.past_nights import FIRST, night

TITLE = '姜楼镇2024年工作总结</script><script>document.title="x"</script>'
HOSTILE = (
    '<img src=x onerror="document.title=1">2024年,全镇完成一般公共预算收入5533万元</script><script>alert(1)</script>。',
    '<b onclick=alert(2)>𠮷&lt;i&gt;\u2028</b>,新增高新技术企业6家=HYPERLINK("http://192.0.2.1")。',
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    inbox = folder / "inbox"
    inbox.mkdir()
    text = "\n".join((TITLE, "惠民县姜楼镇人民政府", *HOSTILE))
    (inbox / '姜楼镇"><svg onload=alert(3)>.txt').write_text(text, "utf-8")
    return night(
        folder / "warehouse",
        FIRST,
        [Source("office", inbox, "统计局", "惠民县姜楼镇", ("sample",))],
        folder / "none.yml",
    )


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_script_tags_and_event_handlers_are_text(show: Callable[..., Opened], release: Path, scheme: str) -> None:
    opened = show(release, scheme)
    opened.page.on("dialog", lambda dialog: opened.errors.append(dialog.message))
    for view in VIEWS:
        page = opened.go(view=view, place="371621111", area="371621")
        assert page.title().endswith("县域指标比较")
        assert page.locator("main script, main img, main b[onclick], main svg[onload]").count() == 0
    page = opened.go(view="profile", place="371621111", area="371621")
    page.get_by_role("button", name="一般公共预算收入").first.click()
    page.locator("#drawer").wait_for()
    card = page.locator("#drawer .card").first
    assert card.locator("mark").inner_text() == "5533万元"
    assert '<img src=x onerror="document.title=1">' in (card.locator("blockquote").text_content() or "")
    assert page.locator("#drawer :is(script, img, b, svg[onload])").count() == 0
    assert "</script>" in card.inner_text()


def test_no_data_file_holds_anything_but_ascii_and_one_call(release: Path) -> None:
    for path in sorted((release / "explorer" / "data").rglob("*.js")):
        content = path.read_bytes().decode("ascii")
        assert content.startswith("gongbao.shard(")
        assert content.count("<") == 0
        assert content.count("\n") == 1


def test_the_policy_lets_nothing_in(release: Path) -> None:
    page = (release / "explorer" / "index.html").read_text("utf-8")
    assert "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'" in page
    assert "unsafe" not in page
    assert page.count("<script") == page.count("<script defer src=")
