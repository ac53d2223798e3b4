"""What generate.py asks Celery: lines of crontabs with a zone and a start in UTC, and fields."""

import random

# Line: minute, hour, day of month, month, day of week.
PLAIN = """
* * * * *
*/15 * * * *
*/7 * * * *
0 * * * *
5,42 * * * *
5,10,15 * * * *
55-5/3 * * * *
50-10 * * * *
2-11/5,3 * * * *
59 23 * * *
0 0 * * *
30 2 * * *
0 12,17 * * *
5,42 12,17 * * *
0 */2 * * *
0 22-3 * * *
0 22-3/2 * * *
*/20 8-18 * * mon-fri
0 9 * * mon
0 9 * * MON
0 9 * * Sunday
0 9 * * sun,wed
0 9 * * fri-mon
0 9 * * fri-mon/2
0 9 * * sat-sun
0 9 * * */2
0 9 * * 0
0 9 * * 6-1
5,42 * * * mon-fri
0 9 * * tues,thurs
0 0 1 * *
0 0 31 * *
0 0 30,31 * *
0 0 29 * *
0 0 28-31 * *
0 0 */2 * *
0 0 */10 * *
0 0 25-5 * *
0 0 15 */2 *
0 0 15 2-12/2 *
0 0 1 jan *
0 0 1 jan,jul *
0 0 1 nov-feb *
0 0 1 Nov-Feb/2 *
0 0 18 sept *
30 14 18 oct *
0 0 29 2 *
0 0 29 feb *
0 0 29-31 2,4 *
0 0 31 */2 *
0 0 31 4,5 *
0 12 * 2 *
0 12 * 6-8 sat,sun
30 14 18 * mon
30 14 29 * sat
0 0 13 * fri
0 0 1-7 * mon
0 0 1-7,15-21 * 1
0 0 8-14 * tue
0 0 29 1 fri
0 0 29 1,4,7 wed,thu
0 0 29 1-10 fri
0 0 18 2-10 mon
0 0 29 2-4 mon
0 0 29 2-10 fri,sat
0 0 29 2 mon
0 0 31 12 *
59 23 31 12 *
0 0 1 1 sun
0-59/59 23-1 * * *
1,13,30-45,50-59/2 * * * *
0 0,8-17/2 * * *
""".strip().splitlines()

ZONES = [
    "UTC",
    "America/New_York",
    "America/Mexico_City",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "America/Argentina/Mendoza",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Chatham",
    "Africa/Cairo",
    "America/Havana",
    "Europe/London",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Sydney",
    "Pacific/Auckland",
]

STARTS = [
    "2026-01-01T00:00:00",
    "2026-02-28T23:59:59",
    "2026-03-06T12:34:56",
    "2026-07-04T06:00:00",
    "2026-10-20T18:15:30",
    "2026-12-31T23:59:00",
    "2027-11-05T03:00:01",
    "2028-02-29T12:00:00",
]

# About a change of clocks: what can fall into a gap or an overlap, from shortly before.
CHANGES = [
    ("America/New_York", "2026-03-08T06:30:00"),
    ("America/New_York", "2026-11-01T04:30:00"),
    ("America/New_York", "2026-11-01T05:59:30"),
    ("Europe/Madrid", "2026-03-29T00:30:00"),
    ("Europe/Madrid", "2026-10-24T23:10:00"),
    ("Europe/London", "2026-03-29T00:30:00"),
    ("Europe/London", "2026-10-24T23:59:59"),
    ("Australia/Lord_Howe", "2026-10-03T15:00:00"),
    ("Australia/Lord_Howe", "2026-04-04T14:00:00"),
    ("Pacific/Chatham", "2026-09-26T13:30:00"),
    ("Pacific/Chatham", "2026-04-04T13:00:00"),
    ("Africa/Cairo", "2026-04-23T21:30:00"),
    ("Africa/Cairo", "2026-10-29T19:30:00"),
    ("America/Havana", "2026-03-08T04:30:00"),
    ("America/Havana", "2026-11-01T03:30:00"),
    ("Antarctica/Troll", "2026-03-29T00:30:00"),
    ("Antarctica/Troll", "2026-10-24T22:30:00"),
    ("Pacific/Apia", "2011-12-30T09:30:00"),
    ("America/Mexico_City", "2022-04-03T07:30:00"),
    ("America/Mexico_City", "2022-10-30T05:30:00"),
]

AT_CHANGES = """
* * * * *
*/15 * * * *
0 * * * *
30 2 * * *
0,30 2 * * *
15,35 2 * * *
30 0-3 * * *
*/20 1,2 * * *
45 1 * * *
0,30 0 * * *
10 */2 * * *
50 23-2 * * *
""".strip().splitlines()


def cases():
    for i, line in enumerate(PLAIN):
        yield line, ZONES[i % len(ZONES)], STARTS[i % len(STARTS)]
        yield line, ZONES[(i + 1) % len(ZONES)], STARTS[(i + 3) % len(STARTS)]
    for i, (zone, start) in enumerate(CHANGES):
        for j, line in enumerate(AT_CHANGES):
            if (i + j) % 2 == 0 or line in ("30 2 * * *", "15,35 2 * * *", "* * * * *"):
                yield line, zone, start
    chance = random.Random(20260101)
    for i in range(180):
        yield random_line(chance), ZONES[i % len(ZONES)], chance.choice(STARTS)


def random_line(chance):
    minute = random_field(chance, 0, 59)
    hour = random_field(chance, 0, 23)
    day = random_field(chance, 1, 28) if chance.random() < 0.5 else "*"
    month = random_field(chance, 1, 12) if chance.random() < 0.3 else "*"
    weekday = random_field(chance, 0, 6) if chance.random() < 0.5 else "*"
    return f"{minute} {hour} {day} {month} {weekday}"


def random_field(chance, low, high):
    def number():
        return chance.randint(low, high)

    kinds = [
        lambda: "*",
        lambda: f"*/{chance.randint(1, 6)}",
        lambda: f"{number()}",
        lambda: f"{number()}-{number()}",
        lambda: f"{number()}-{number()}/{chance.randint(1, 5)}",
        lambda: f"{number()},{number()},{number()}-{number()}",
    ]
    return chance.choice(kinds)()


# Field and value; what Celery makes of them is in fields.json.
ACCEPTED = [
    ["minute", "1-10"], ["minute", "55-5/3"], ["minute", "2-11/5,3"], ["minute", "*/7"], ["minute", "*/100"],
    ["minute", "0, 30"], ["minute", "007"], ["minute", "5-5"], ["minute", "1,1,1"], ["minute", 59], ["minute", [0, 30, 0]],
    ["minute", "1-10/3 "], ["minute", "0-59"], ["minute", "59-0"],
    ["hour", "11-1"], ["hour", "*/5"], ["hour", "22-3/2"], ["hour", "0,8-17/2"], ["hour", [8, 12]], ["hour", 0],
    ["dayOfWeek", "tuesday,sunday,fri"], ["dayOfWeek", "mon-fri"], ["dayOfWeek", "fri-mon"], ["dayOfWeek", "SAT-Sun"],
    ["dayOfWeek", "thurs"], ["dayOfWeek", "wednes"], ["dayOfWeek", "*/2"], ["dayOfWeek", "sun,3"], ["dayOfWeek", "mon-5/2"],
    ["dayOfWeek", [0, 6]], ["dayOfWeek", "monkey"],
    ["dayOfMonth", "*/5"], ["dayOfMonth", "*/2"], ["dayOfMonth", "28-2"], ["dayOfMonth", "2-9/5"], ["dayOfMonth", [31]],
    ["monthOfYear", "Mar"], ["monthOfYear", "aug-oct"], ["monthOfYear", "*/2"], ["monthOfYear", "2-12/2"],
    ["monthOfYear", "nov-feb"], ["monthOfYear", "sept,December"], ["monthOfYear", "jan-6/2"], ["monthOfYear", 12],
]  # fmt: skip

REFUSED = [
    ["minute", ""], ["minute", "1,,2"], ["minute", "*/"], ["minute", "-20"], ["minute", 60], ["minute", "0-100"],
    ["minute", -1], ["minute", "1-"], ["minute", "-"], ["minute", "1-5/"], ["minute", "*/0"], ["minute", "1-5/0"],
    ["minute", "5/15"], ["minute", "*/x"], ["minute", "? "], ["minute", "?"], ["minute", "1;2"], ["minute", "1.5"],
    ["minute", "* "], ["minute", " 1-5"], ["minute", "1- 5"], ["minute", "foo"], ["minute", [0, 60]], ["minute", ",1"], ["minute", "1,"],
    ["minute", "**"], ["minute", "*/-5"], ["minute", "0x10"], ["minute", " "], ["minute", 1.5],
    ["hour", 24], ["hour", "0-30"], ["hour", "24"], ["hour", "8am"], ["hour", [-1]],
    ["dayOfWeek", "7"], ["dayOfWeek", 7], ["dayOfWeek", "12"], ["dayOfWeek", "fooday-barday"], ["dayOfWeek", "1,4,foo"],
    ["dayOfWeek", "mo"], ["dayOfWeek", "fri-7"], ["dayOfWeek", "5L"], ["dayOfWeek", " mon"],
    ["dayOfMonth", 0], ["dayOfMonth", "0-10"], ["dayOfMonth", 32], ["dayOfMonth", "31,32"], ["dayOfMonth", "L"], ["dayOfMonth", "15W"],
    ["monthOfYear", 0], ["monthOfYear", "0-5"], ["monthOfYear", 13], ["monthOfYear", "jaan"], ["monthOfYear", "sebtember"],
    ["monthOfYear", "sun"], ["monthOfYear", "12-13"],
]  # fmt: skip

REFUSED_LINES = [
    "", "* * * *", "* * * * * *", "*  * * * *", "* * * *\t*", "@daily", "0 0 31 4 *", "0 0 30 2 *", "0 0 31 2,4,6,9,11 *",
    "60 * * * *", "* * 0 * *", "* * * * 7", "* * * 13 *",
]  # fmt: skip
