"""county_comparison.xlsx: a release for those who work in a spreadsheet."""

from gongbao.workbook.book import WORKBOOK, Heading, write

__all__ = ["WORKBOOK", "Heading", "write"]
