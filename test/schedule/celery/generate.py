"""Asks real Celery 5.6.3 what its crontab means, and keeps the answers beside this file: runs.json, fields.json.

    npm run pretest:interop
    node_modules/.cache/tallo-python/bin/python test/schedule/celery/generate.py
    npx biome format --write test/schedule/celery

Needs the time zones of the system (Debian: tzdata). `cases.py` says what is asked.
"""

import json
from datetime import datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import celery
from cases import ACCEPTED, REFUSED, REFUSED_LINES, cases
from celery import Celery
from celery.schedules import crontab

here = Path(__file__).parent
runs_per_case = 50
fields = {
    "minute": "minute",
    "hour": "hour",
    "dayOfWeek": "day_of_week",
    "dayOfMonth": "day_of_month",
    "monthOfYear": "month_of_year",
}


def runs(line, zone, start):
    """What a beat does that wakes just in time: from each run it looks for the next."""
    app = Celery(set_as_current=False)
    app.conf.timezone = zone
    now = start
    schedule = crontab.from_string(line)
    schedule.app, schedule.nowfun = app, lambda: now.astimezone(ZoneInfo(zone))
    last_run_at = schedule.now()
    found = []
    while len(found) < runs_per_case:
        is_due, seconds = schedule.is_due(last_run_at)
        if is_due:
            found.append(round(now.timestamp()))
            last_run_at = schedule.now()
        else:
            now += timedelta(seconds=seconds)
    return found


def minutes_between(start, found):
    """Minutes since the epoch of the first run, and the minutes from each run to the next; '15x3' is 15 15 15."""
    assert all(run % 60 == 0 for run in found), found
    first, *_ = found
    steps = [(b - a) // 60 for a, b in zip(found, found[1:])]
    assert all(step > 0 for step in steps) and first > start, (first, steps)
    return " ".join([str(first // 60), *(f"{step}x{len(list(same))}" for step, same in groupby(steps))])


def case(line, zone, text):
    start = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    found = runs(line, zone, start)
    return {
        "crontab": line,
        "timezone": zone,
        "from": round(start.timestamp()),
        "runs": minutes_between(start.timestamp(), found),
    }


def numbers(field, value):
    return sorted(getattr(crontab(**{fields[field]: value}), fields[field]))


def is_refused(make):
    try:
        make()
    except Exception:
        return True
    return False


def write(name, data):
    (here / name).write_text(json.dumps(data, indent=2) + "\n")


assert celery.__version__ == "5.6.3", celery.__version__
for field, value in REFUSED:
    assert is_refused(lambda: crontab(**{fields[field]: value})), (field, value)
for line in REFUSED_LINES:
    # An impossible date is refused only when it is asked for.
    assert is_refused(lambda: runs(line, "UTC", datetime(2026, 1, 1, tzinfo=timezone.utc))), line
write("runs.json", [case(*one) for one in cases()])
write(
    "fields.json",
    {
        "accepted": [[f, v, " ".join(map(str, numbers(f, v)))] for f, v in ACCEPTED],
        "refused": REFUSED,
        "refusedLines": REFUSED_LINES,
    },
)
