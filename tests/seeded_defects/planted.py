"""What the gate rightly finds in the clean samples: the contradictions that samples/README.md says are planted."""

from __future__ import annotations

from collections.abc import Iterator

from tests.seeded_defects.gate import Clean

CONTRADICTIONS = (
    # The two sides as they print the figure.
    ("5513", "5531万元"),  # 胡集镇, budget revenue 2024: digits swapped in the workbook, which is later
    ("173600", "17.63亿元"),  # 惠民县, budget revenue 2024: digits swapped in the communiqué
    ("42.6", "42.9亿元"),  # 李庄镇, industrial output 2023: the review of the year after
    ("13个", "12个"),  # 石庙镇, projects signed 2023: within one text
    ("278.3", "276.5亿元"),  # 惠民县, product 2023: restated after the census
    ("39.2亿元", "38亿元"),  # 李庄镇, online retail sales 2023: restated the year after
)
RESTATED = ("5513", "278.3", "39.2亿元")
OTHERS = {
    ("growth_follows_levels", "7.4% printed, 5.3 to 5.4 % from 128.4亿元 and 1353000"),  # 博兴县, retail sales 2024
    ("parts_within_whole", "8610万元 is more than the whole, 8510"),  # 孙武街道, tax and budget revenue 2024
    ("parts_within_whole", "8510 is less than a part, 8610万元"),
}


def expected() -> set[tuple[str, str]]:
    """The findings that are true, as check and detail."""
    sides = {*CONTRADICTIONS, *((other, one) for one, other in CONTRADICTIONS)}
    disagreements = {("figures_agree", f"{one} here, {other} there") for one, other in sides}
    restated = {("history_stands", f"{one} here, {other} there") for one, other in CONTRADICTIONS if one in RESTATED}
    return disagreements | restated | OTHERS


def found(clean: Clean) -> set[tuple[str, str]]:
    """All that the gate finds in the clean warehouse, as check and detail."""
    return {*_findings(clean)}


def _findings(clean: Clean) -> Iterator[tuple[str, str]]:
    for verdict in (clean.core, clean.marts):
        for result in verdict.results:
            if result.outcome != "passed":
                yield from ((result.expectation, sample.detail) for sample in result.samples)
                if not result.samples:
                    yield result.expectation, result.observed
