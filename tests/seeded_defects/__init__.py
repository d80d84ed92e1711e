"""The gate tests itself: faults put one at a time into the sample warehouse, each with the rule that must catch it.

    python -m tests.seeded_defects      the table: defect, rule that caught it, severity, outcome

`core`, `marts` and `releases` hold the defects as data, by the part of the night that begins at them; `gate` puts one
in and runs the gate from there on. `tests/unit/validate/test_seeded_defects.py` and `test_seeded_mart_defects.py` hold
the project to them; they are two, so that two workers share them.
"""
