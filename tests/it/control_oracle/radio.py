"""Contact by radio: docs/control.md, from the rule alone."""

import math

CAPS = {"DEL": 15, "GND": 15, "TWR": 50, "APP": 150, "CTR": 600, "FSS": 1500}
TYPES = {**{name: name for name in CAPS}, "RMP": "GND", "DEP": "APP"}
EVERYBODY = {0, 122800, 121500}
MINUTE, GRACE = 60 * 10**6, 45 * 10**6


def canon(hertz, flip=None):
    khz = math.floor((hertz + 500) / 1000)
    is_cut = khz >= 117975 and khz % 100 in (20, 45, 70, 95)
    return khz + 5 if is_cut and flip != "canon" else khz


def primary(frequency, flip=None):
    """The channel of a frequency in MHz, text or number; None for none."""
    try:
        mhz = float(frequency)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(mhz) or mhz <= 0:
        return None
    khz = canon(round(mhz * 1e6), flip)
    return None if khz in (0, 199998) else khz


def feet(radio):
    metres = radio.get("heightMslM")
    is_true = isinstance(metres, (int, float)) and 0 < metres <= 30000
    return (metres if is_true else 50) / 0.3048


def distance(one, other):
    """Great-circle distance in nautical miles (haversine)."""
    south, north = math.radians(one["latDeg"]), math.radians(other["latDeg"])
    half = math.sin((north - south) / 2) ** 2
    east = math.radians(other["lonDeg"] - one["lonDeg"]) / 2
    half += math.cos(south) * math.cos(north) * math.sin(east) ** 2
    return 2 * 3440.065 * math.asin(math.sqrt(min(1.0, half)))


def facility(callsign, flip=None):
    """The type by the suffix alone; None for none."""
    _, mark, suffix = callsign.upper().rpartition("_")
    if not mark or (flip == "dep" and suffix == "DEP"):
        return None
    return TYPES.get(suffix)


def limit(kind, khz, site, radio, flip=None):
    cap = math.inf if flip == "cap" else CAPS[kind]
    if 2000 <= khz <= 30000:
        return cap
    return min(cap, 1.25 * (math.sqrt(feet(site)) + math.sqrt(feet(radio))))


def observation(callsign, snapshot, kept, in_doubt, flip=None):
    """What a flight shows: ("contact", controller, hertz, is primary), ("none",) or ("unknown",).

    `kept` are the controllers as (key, record, primary channel); `in_doubt` are callsigns that nothing is known of.
    """
    if snapshot.radios is None or kept is None:
        return ("unknown",)
    own, is_whole = snapshot.radios.get(callsign.upper(), ([], False))
    if not own and not is_whole:
        return ("unknown",)
    own = [(canon(int(radio["frequency"]), flip), radio) for radio in own]
    own = [(khz, radio) for khz, radio in own if khz not in EVERYBODY]
    tuned = []
    for key, khz, site in sites(snapshot, kept, flip):
        kind = facility(key[1], flip)
        for tuned_khz, radio in own if kind else []:
            reach = limit(kind, khz, site, radio, flip)
            away = distance(site, radio)
            if tuned_khz == khz and away <= reach:
                is_extended = khz != kept[key] and flip != "primary"
                name = tuple(-ord(letter) for letter in key[1].upper()) if flip == "tie" else key[1].upper()
                nearness = away if flip == "nearness" else away / reach
                tuned.append((is_extended, nearness, name, khz, key))
    if tuned:
        *_, khz, key = min(tuned, key=lambda it: it[:4])
        return ("contact", key, khz * 1000, khz == kept[key])
    doubtful = {canon(int(site["frequency"]), flip) for name in in_doubt
                for site in snapshot.radios.get(name.upper(), ([], True))[0]}
    return ("unknown",) if any(khz in doubtful for khz, _ in own) else ("none",)


def sites(snapshot, kept, flip):
    """The sites of each callsign, which are those of one controller: the first to log on."""
    first = {}
    for key in sorted(kept, key=lambda key: (key[2], key[0])):
        if flip == "logon":
            first[key[1].upper()] = key
        else:
            first.setdefault(key[1].upper(), key)
    for name, key in first.items():
        for site in snapshot.radios.get(name, ([], True))[0]:
            yield key, canon(int(site["frequency"]), flip), site


def intervals(observations, newest, flip=None):
    """The rows of a flight, from all of its observations (time, state) at once."""
    states = bridged(observations, flip)
    times = [at for at, _ in observations]
    pieces = []
    for number, (at, state) in enumerate(zip(times, states)):
        until = times[number + 1] if number + 1 < len(times) else None
        if until is None:
            if newest - at <= MINUTE:
                pieces.append((state, at, None))
        else:
            pieces.append((state if holds(until - at, flip) else ("unknown",), at, until))
    return merged(pieces, lambda state: state[:2])


def holds(pause, flip=None):
    return pause < MINUTE if flip == "hold" else pause <= MINUTE


def bridged(observations, flip):
    """The states, in which short runs of misses between two contacts with one controller are contact."""
    states = [state for _, state in observations]
    for begin in range(1, len(observations)):
        before = states[begin - 1]
        if observations[begin][1] != ("none",) or before[0] != "contact":
            continue
        end = begin
        while end < len(observations) and observations[end][1] == ("none",):
            end += 1
        if end == len(observations) or observations[end][1][:2] != before[:2]:
            continue
        missed = observations[end - 1][0] - observations[begin][0]
        is_short = missed <= GRACE if flip == "grace" else missed < GRACE
        times = [at for at, _ in observations[begin - 1:end + 1]]
        if is_short and all(holds(b - a, flip) for a, b in zip(times, times[1:])):
            states[begin:end] = [before] * (end - begin)
    return states


def merged(pieces, identity):
    """Pieces that touch and are equal are one, and keep what the first one says."""
    rows = []
    for state, begin, end in pieces:
        if rows and rows[-1][2] == begin and identity(rows[-1][0]) == identity(state):
            rows[-1] = (rows[-1][0], rows[-1][1], end)
        else:
            rows.append((state, begin, end))
    return rows
