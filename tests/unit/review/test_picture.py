"""A block looks on a terminal as it does in the workbook, at any width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gongbao.review.picture import picture
from gongbao.review.questions import Window, WindowCell

HEAD = {
    (1, 1): "表1 各镇养蜂情况（2024年）",
    (2, 1): "地区",
    (2, 2): "蜂箱",
    (2, 4): "蜂蜜产量 Output of Honey（公斤）",
    (3, 2): "户数",
    (3, 3): "数量",
}


def window(rows: int = 9, columns: int = 4) -> Window:
    """Two rows of header below a title, rows of figures, a note; 蜂箱 is merged over two columns."""
    cells = [
        WindowCell(r, c, text, False, 1, 2 if (r, c) == (2, 2) else columns if r == 1 else 1)
        for (r, c), text in HEAD.items()
    ]
    for row in range(4, rows + 1):
        cells.append(WindowCell(row, 1, f"第{row}镇", False, 1, 1))
        cells += [WindowCell(row, column, f"{row * column}.5", True, 1, 1) for column in range(2, columns + 1)]
    cells.append(WindowCell(rows + 1, 1, "注：蜂箱为年末数，不含个人在外地放养的。", False, 1, 1))
    return Window(1, 1, rows + 1, columns, tuple(range(1, rows + 2)), tuple(cells))


def lines(width: int, marked: tuple[str, ...] = (), **size: int) -> list[str]:
    return [line.plain for line in picture(window(**size), width, marked)]


def test_titles_run_on_headers_break_and_rows_between_are_left_out() -> None:
    assert lines(40, rows=30) == [
        "      A      B     C          D",
        " 1  表1 各镇养蜂情况（2024年）",
        " 2  地区    蜂箱        蜂蜜产量",
        "                        Output of",
        "                        Honey（公斤）",
        " 3          户数  数量",
        " 4  第4镇    8.5  12.5           16.5",
        " 5  第5镇   10.5  15.5           20.5",
        " 6  第6镇   12.5  18.5           24.5",
        " 7  第7镇   14.5  21.5           28.5",
        " ⋮",
        "30  第30镇  60.5  90.5          120.5",
        "31  注：蜂箱为年末数，不含个人在外地放养",
        "    的。",
    ]


def test_a_cell_that_a_reason_names_is_shown_with_its_row_in_red() -> None:
    drawn = picture(window(rows=30), 80, ["C17"])
    (row,) = [line for line in drawn if line.plain.startswith("17")]
    assert "51.5" in row.plain
    assert [row.plain[span.start : span.end].strip() for span in row.spans if "red" in str(span.style)] == ["51.5"]
    assert sum(line.plain.strip() == "⋮" for line in drawn) == 2


def test_columns_without_room_are_left_out_before_the_last() -> None:
    shown = lines(60, columns=40)
    assert shown[0].split()[-2:] == ["…", "AN"]
    assert shown[-2].split()[-1] == "360.5"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("columns", [2, 4, 12, 160])
def test_no_line_is_wider_than_the_terminal(width: int, columns: int) -> None:
    assert max(map(cell_len, lines(width, columns=columns))) <= width


def test_marks_that_steer_a_terminal_are_shown_as_escapes() -> None:
    steering = Window(1, 1, 1, 1, (1,), (WindowCell(1, 1, "a\x1b[31mb", False, 1, 1),))
    assert [line.plain for line in picture(steering, 80)][1] == "1  a\\x1b[31mb"
