"""Imported by the process of which nights are forks: they find the vocabulary read, and begin at once."""

from gongbao import extract

extract.extract_text("惠民县姜楼镇2023年工作总结\n\n2023年,一般公共预算收入5533万元。\n")
