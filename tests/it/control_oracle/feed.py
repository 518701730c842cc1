"""Recorded documents as snapshots: who is in them, and what of it can be read."""

import datetime
import functools
import json
import pathlib
import re

HOUR = 3600 * 10**6
EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z?")


class Snapshot:
    """A document with its radios. `radios` is None when they are unknown, `controllers` when the list is missing."""

    def __init__(self, document, radios):
        self.at = micros(document["general"]["update_timestamp"])
        self.pilots, self.refused_pilots = clients(document["pilots"], self.at)
        listed = document.get("controllers")
        self.controllers, self.refused_controllers = None, []
        if isinstance(listed, list):
            self.controllers, self.refused_controllers = clients(listed, self.at, is_pilot=False)
        self.radios, self.is_broken = radios
        self.is_partial = self.is_broken or self.controllers is None


def snapshots(folder):
    """The snapshots of a folder of recordings, in order."""
    found = []
    for path in pathlib.Path(folder).glob("*.json"):
        if not path.name.endswith(".radios.json"):
            document = json.loads(path.read_bytes())
            if not is_cut(document):
                found.append(Snapshot(document, radios_of(path.with_suffix(".radios.json"))))
    return sorted(found, key=lambda snapshot: snapshot.at)


def is_cut(document):
    """Whether so many clients are missing that the document is refused."""
    lists = [document.get(name) for name in ("pilots", "controllers", "atis")]
    stated = document["general"]["connected_clients"]
    missing = stated - sum(len(clients) for clients in lists if isinstance(clients, list))
    return missing >= 10 and 2 * missing >= stated


@functools.cache
def micros_of(text):
    """A time in microseconds since 1970, cut; None for what is no time."""
    matched = TIME.fullmatch(text)
    if not matched:
        return None
    seconds = (datetime.datetime.fromisoformat(matched[1]) - EPOCH) // MICROSECOND
    return seconds + int((matched[2] or "").ljust(6, "0")[:6])


def micros(value):
    return micros_of(value) if isinstance(value, str) else None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def callsign_of(value):
    is_visible = isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]{1,16}", value)
    return value if is_visible else None


def identity(record, published):
    """CID, callsign and logon time, each None where it cannot be read."""
    if not isinstance(record, dict):
        return None, None, None
    cid, logon = record.get("cid"), micros(record.get("logon_time"))
    is_cid = isinstance(cid, int) and not isinstance(cid, bool) and 1 <= cid < 2**31
    is_early = logon is not None and logon - published <= HOUR
    return cid if is_cid else None, callsign_of(record.get("callsign")), logon if is_early else None


def clients(records, published, is_pilot=True):
    """The accepted records by identity, and the identities of the others."""
    accepted, refused = {}, []
    for record in records:
        key = identity(record, published)
        heard = micros(record.get("last_updated")) if isinstance(record, dict) else None
        is_good = None not in key and heard is not None and -24 * HOUR <= heard - published <= HOUR
        if is_good and is_pilot:
            bounds = {"latitude": (-90, 90), "longitude": (-180, 180), "altitude": (-2000, 100000)}
            values = {field: record.get(field) for field in bounds}
            is_good = all(is_number(values[field]) and low <= values[field] <= high
                          for field, (low, high) in bounds.items())
        if not is_good:
            refused.append(key)
        elif key not in accepted or heard >= micros(accepted[key]["last_updated"]):
            accepted[key] = record
    return accepted, refused


def radios_of(path):
    """The radios by callsign in upper case, as (radios that can be read, whether all can), or None; and whether the
    file is broken."""
    if not path.exists():
        return None, False
    try:
        listed = json.loads(path.read_bytes())
    except ValueError:
        return None, True
    if not isinstance(listed, list):
        return None, True
    stations = {}
    for station in listed:
        callsign = callsign_of(station.get("callsign")) if isinstance(station, dict) else None
        if callsign and isinstance(station.get("transceivers"), list):
            good, bad = stations.setdefault(callsign.upper(), ([], []))
            for radio in station["transceivers"]:
                if len(good) < 64:
                    (good if is_radio(radio) else bad).append(radio)
    stations = {callsign: (good, not bad) for callsign, (good, bad) in stations.items()}
    # An empty list is no list.
    return stations or None, False


def is_radio(radio):
    bounds = {"frequency": (0, 2147000000), "latDeg": (-90, 90), "lonDeg": (-180, 180)}
    return isinstance(radio, dict) and all(
        is_number(radio.get(field)) and low <= radio[field] <= high
        for field, (low, high) in bounds.items())
