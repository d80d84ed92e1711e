"""validate: suites and rules over core and the staged marts, and the gate that holds a faulty release.

Importing this package is cheap: Great Expectations is imported when a suite runs.
"""

from gongbao.validate.gate import validate_core, validate_marts
from gongbao.validate.verdict import CheckResult, Sample, Verdict, checks_summary, describe

__all__ = ["CheckResult", "Sample", "Verdict", "checks_summary", "describe", "validate_core", "validate_marts"]
