"""Asks real Celery 5.6.3, and the astronomy of its library ephem, when the sun does what; keeps the answers in sun.json.

    python3 -m venv sun && sun/bin/pip install celery==5.6.3 ephem==4.2.1
    sun/bin/python test/schedule/celery/generate_sun.py
    npx biome format --write test/schedule/celery

Celery's own beat ends with a TypeError where an event does not happen on a day; there, it is asked again from 6 hours later on.
"""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import celery
from celery import Celery
from celery.schedules import solar

EVENTS = [
    "dawn_astronomical", "dawn_nautical", "dawn_civil", "sunrise", "solar_noon",
    "sunset", "dusk_civil", "dusk_nautical", "dusk_astronomical",
]  # fmt: skip

PLACES = {
    "Melbourne": (-37.81753, 144.96715),
    "Madrid": (40.4168, -3.7038),
    "Quito": (-0.1807, -78.4678),
    "Suva": (-18.1416, 178.4419),
    "Honolulu": (21.3069, -157.8583),
    "Kolkata": (22.5726, 88.3639),
    "New York": (40.7128, -74.006),
    "Ushuaia": (-54.8019, -68.303),
    "Reykjavik": (64.1466, -21.9426),
    "Saint Petersburg": (59.9311, 30.3609),
    "Apia": (-13.8333, -171.7667),
    "Null Island": (0, 0),
    "Tromso": (69.6492, 18.9553),
    "Longyearbyen": (78.2232, 15.6267),
    "McMurdo": (-77.8419, 166.6863),
}

STARTS = [
    "2026-01-10T00:00:00", "2026-03-20T13:00:00", "2026-05-05T06:30:00", "2026-06-21T00:00:00",
    "2026-08-01T18:00:00", "2026-09-23T23:59:00", "2026-11-15T11:11:00", "2028-02-29T12:00:00",
]  # fmt: skip

app = Celery(set_as_current=False)


def next_event(event, place, start):
    """Epoch seconds, or None if it does not happen within a year."""
    asked = start
    for _ in range(4 * 370):
        schedule = solar(event, *place, app=app, nowfun=lambda: asked)
        try:
            return round((asked + schedule.remaining_estimate(asked)).timestamp())
        except TypeError:
            asked += timedelta(hours=6)
    return None


assert celery.__version__ == "5.6.3", celery.__version__
rows = []
for name, place in PLACES.items():
    for text in STARTS:
        start = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
        times = {event: next_event(event, place, start) for event in EVENTS}
        rows.append({"place": name, "latitude": place[0], "longitude": place[1], "from": text + "Z", **times})
(Path(__file__).parent / "sun.json").write_text(json.dumps(rows, indent=2) + "\n")
