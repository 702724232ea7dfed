"""When things come: other dates, delays, pauses."""
