"""The leaky bucket of one Recharge token, as arithmetic over time. It waits for nobody."""

from __future__ import annotations

import math

HOLD_SECONDS = 30.0
"""How long the lowered rate is kept after the last 429."""
RECOVERY_PER_SECOND = 0.05
"""Share of the full rate that comes back each second afterwards: from half to full in 10 s."""
PAUSE_SECONDS = 2.0
"""Recharge's guide asks for at least this long a pause after a 429."""
LONGEST_PAUSE_SECONDS = 60.0
"""A longer `Retry-After` is not believed: it would shut customers out for a typing mistake."""
ONE_BURST_SECONDS = 5.0
"""429s this close together tell of one burst, so the rate is halved only once for them."""
SMALLEST_SHARE = 1 / 16

_NEARLY = 1e-9


class Bucket:
    """How many calls may be made, and when the next ones.

    `size` and `rate` (calls a second) are Recharge's; the share `margin` of both is left to the
    shop's other apps on the same token. All moments are seconds of one monotonic clock and must
    not go backwards.
    """

    def __init__(self, *, size: int, rate: float, margin: float, now: float) -> None:
        if size < 1 or not rate > 0 or not 0 <= margin < 1:
            raise ValueError("size must be at least 1, rate above 0, margin from 0 to below 1")
        self._size = size
        self._margin = margin
        self._full_rate = rate * (1 - margin)
        self._scale = 1.0  # below 1 when Recharge names a smaller bucket than the setting
        self._share = 1.0  # of the rate, at the moment `_held_until` and before
        self._held_until = now
        self._paused_until = now
        self._halved_at = -math.inf
        self._now = now
        self._free = self.capacity

    @property
    def capacity(self) -> float:
        """Calls that may be made at once when nothing has been used."""
        return max(1.0, self._size * self._scale * (1 - self._margin))

    @property
    def free(self) -> float:
        """Calls that are free at the moment of the last look; below zero when overdrawn."""
        return self._free

    @property
    def _rate(self) -> float:
        return self._full_rate * self._scale

    def has(self, count: float, now: float) -> bool:
        """Whether `count` calls are free."""
        self._look(now)
        return now >= self._paused_until and self._free >= count - _NEARLY

    def take(self) -> None:
        """Uses one call, which `has` has just granted."""
        self._free -= 1

    def give_back(self, now: float) -> None:
        """A call that was granted has not been sent."""
        self._look(now)
        self._free = min(self.capacity, self._free + 1)

    def wait_for(self, count: float, now: float) -> float:
        """Seconds until `count` calls have become free, all told, if nobody takes any before."""
        self._look(now)
        pause = max(0.0, self._paused_until - now)
        missing = count - self._free
        return pause if missing <= _NEARLY else max(pause, self._time_to_gain(missing))

    def throttle(self, retry_after: float | None, now: float) -> None:
        """A 429 came back: the bucket is full, and our picture of it was too bright."""
        self._look(now)
        self._free = min(self._free, 0.0)
        pause = PAUSE_SECONDS
        if retry_after is not None and retry_after >= 0:  # which NaN is not
            pause = min(retry_after, LONGEST_PAUSE_SECONDS)
        self._paused_until = max(self._paused_until, now + pause)
        share = self._share_at(now)
        if now - self._halved_at >= ONE_BURST_SECONDS:
            share = max(share / 2, SMALLEST_SHARE)
            self._halved_at = now
        self._share = share
        self._held_until = now + HOLD_SECONDS

    def learn(self, used: int, size: int, now: float) -> None:
        """Recharge's own count. It can only lower ours: calls under way are not in it yet."""
        if size < 1 or used < 0:
            return
        self._look(now)
        self._scale = min(1.0, size / self._size)
        free_there = size * (1 - self._margin) - min(used, size)
        self._free = min(self._free, free_there, self.capacity)

    def _look(self, now: float) -> None:
        if now > self._now:
            gained = self._rate * (self._area_until(now) - self._area_until(self._now))
            self._free = min(self.capacity, self._free + gained)
            self._now = now

    def _share_at(self, moment: float) -> float:
        return min(1.0, self._share + RECOVERY_PER_SECOND * max(0.0, moment - self._held_until))

    def _area_until(self, moment: float) -> float:
        """The share of the rate, summed over time since `_held_until` (negative before it)."""
        after = moment - self._held_until
        if after <= 0:
            return after * self._share
        climb = (1 - self._share) / RECOVERY_PER_SECOND
        on_climb = min(after, climb)
        return on_climb * (self._share + RECOVERY_PER_SECOND * on_climb / 2) + (after - on_climb)

    def _time_to_gain(self, count: float) -> float:
        """Seconds from the last look until `count` more calls are free: `_area_until` inverted."""
        area = count / self._rate
        seconds = 0.0
        held = max(0.0, self._held_until - self._now)
        if area <= held * self._share:
            return area / self._share
        area -= held * self._share
        seconds += held
        share = self._share_at(self._now + held)
        climb = (1 - share) / RECOVERY_PER_SECOND
        on_climb = climb * (share + 1) / 2
        if area <= on_climb:
            root = math.sqrt(share * share + 2 * RECOVERY_PER_SECOND * area)
            return seconds + (root - share) / RECOVERY_PER_SECOND
        return seconds + climb + area - on_climb
