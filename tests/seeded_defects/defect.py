"""What a defect is, and short ways to write one."""

from __future__ import annotations

from dataclasses import dataclass

from gongbao.validate.verdict import Outcome


@dataclass(frozen=True)
class Defect:
    """`sql` does the harm; the check `rule` of `suite` must find it, with `outcome`.

    `row` picks the figure that is harmed (a condition on `figure`, `statement`, `document`), the first by its id: the
    SQL has it as the variables `fact`, `statement`, `document` and `text`, and the check must name it. `also` names the
    checks that see further effects; every other check must say what it says of the clean warehouse.
    """

    name: str
    sql: str
    suite: str
    rule: str
    outcome: Outcome
    also: tuple[str, ...] = ()
    row: str = ""


FACT, STATEMENT = "getvariable('fact')", "getvariable('statement')"


def figure(ref_area: str, indicator_id: str, time_period: str, measure: str = "level", where: str = "true") -> str:
    """The condition that picks a figure by what it is about; of a text, where `where` says nothing of the sheet."""
    place = "true" if "sheet" in where else "statement.sheet is null"
    return (
        f"figure.ref_area = '{ref_area}' and figure.indicator_id = '{indicator_id}' "
        f"and figure.time_period = '{time_period}' and figure.measure = '{measure}' and {place} and {where}"
    )


IN_SHEET = "statement.sheet is not null"


def set_figure(assignments: str, relation: str = "core.fact") -> str:
    """Change the picked figure."""
    return f"update {relation} set {assignments} where fact_id = {FACT}"


def set_statement(assignments: str) -> str:
    """Change the statement of the picked figure."""
    return f"update core.statement set {assignments} where statement_id = {STATEMENT}"


def copy_figure(changes: str) -> str:
    """Another figure, `other`, like the picked one, cut from a statement of its own, `s-other`."""
    return f"""
        insert into core.fact select * replace ('other' as fact_id, 's-other' as statement_id, {changes})
        from core.fact where fact_id = {FACT};
        insert into core.statement select * replace ('s-other' as statement_id)
        from core.statement where statement_id = {STATEMENT}
    """


def one_row(mart: str, assignments: str, where: str = "true") -> str:
    """Change the first row of a mart that fulfils the condition."""
    return f"update marts.{mart} set {assignments} where rowid = (select min(rowid) from marts.{mart} where {where})"
