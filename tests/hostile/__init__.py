"""Whoever means harm: each case names the requirement that it stands for.

What takes seconds runs with all tests; what is marked `long` runs with ``make test-hostile``.
"""
