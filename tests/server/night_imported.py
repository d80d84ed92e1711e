"""Imported by the process of which nights are forks: what they import late, and the vocabulary, are there at once."""

import great_expectations  # noqa: F401

import gongbao.ingest.intake
import gongbao.ingest.visits
import gongbao.validate.gate  # noqa: F401
from gongbao import extract

extract.extract_text("惠民县姜楼镇2023年工作总结\n\n2023年,一般公共预算收入5533万元。\n")
