"""Statements to facts and targets: places, indicators, units, periods, and the queue of what could not be told."""

from gongbao.normalise.indicators import match_indicator
from gongbao.normalise.pending import ExtractReport, Failure, extract_pending
from gongbao.normalise.stage import NormaliseReport, normalise

__all__ = ["ExtractReport", "Failure", "NormaliseReport", "extract_pending", "match_indicator", "normalise"]
