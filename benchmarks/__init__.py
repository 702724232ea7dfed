"""Measurements that a reader can repeat: ``python -m benchmarks page``, ``… customer``
and ``… budget``."""
