"""What anybody may send is read or refused: targets that take any bytes, and oracles that judge what comes of them.

    tests/fuzz/targets.py       what is fuzzed, each with the bytes to begin with and the words of its language
    tests/fuzz/test_fuzz.py     some hundred inputs a target, the same ones every time, and all of regressions/
    python -m tests.fuzz        `make fuzz`: minutes instead of seconds, guided by coverage where that can be had

How to read its table, and what to do with a finding: docs/fuzzing.md.
"""
