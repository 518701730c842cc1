"""Prints the rows that a folder of recordings must give: contact by radio, control, sessions and staffing.

oracle.py FOLDER AIRSPACE CONTROLLERS [FLIP]

CONTROLLERS are globs, parted by commas. FLIP breaks one part of the rule, to show that a comparison would notice.
All of the history is looked at together; there are no states to go on from, and nothing of the service is used.
"""

import fnmatch
import json
import sys

import control
import feed
import radio

FAR = 900 * 10**6
ABSENT = 300 * 10**6


class Division:
    """Which controllers are kept, and what is remembered of them."""

    def __init__(self, globs, flip):
        self.globs, self.flip = [glob.upper() for glob in globs.split(",")], flip
        self.frequencies, self.seen = {}, {}

    def is_ours(self, callsign):
        name = callsign.upper()
        return (any(fnmatch.fnmatchcase(name, glob) for glob in self.globs)
                and name.rpartition("_")[2] not in ("OBS", "SUP"))

    def take(self, snapshot):
        """Those who are kept, with their primary channel, and the callsigns in doubt, None where it is unknown."""
        refused = [callsign for _, callsign, _ in snapshot.refused_controllers]
        accepted = snapshot.controllers or {}
        # Another record of one who was accepted is no doubt.
        in_doubt = [name for name in refused if name is None or self.is_ours(name)]
        kept = {}
        for key, record in accepted.items():
            if not self.is_ours(key[1]) or record["facility"] == 0:
                continue
            first, _ = self.seen.get(key, (snapshot.at, None))
            self.seen[key] = (first, snapshot.at)
            frequency = record.get("frequency")
            if frequency is None or isinstance(frequency, str) or feed.is_number(frequency):
                self.frequencies[key] = frequency
            frequency = self.frequencies.get(key)
            is_unknown = isinstance(record.get("frequency"), (dict, list, bool)) and frequency in (None, "")
            if is_unknown:
                in_doubt.append(key[1])
            else:
                kept[key] = radio.primary(frequency, self.flip)
        return None if snapshot.controllers is None else kept, in_doubt


class Presence:
    """Which flights a snapshot observes, or finds present by a record that was rejected."""

    def __init__(self, airspace):
        self.airspace, self.inside, self.before = airspace, {}, None

    def take(self, snapshot):
        pause = snapshot.at - self.before if self.before is not None else 0
        self.before = snapshot.at
        for key, absence in list(self.inside.items()):
            self.inside[key] = absence + min(pause, radio.MINUTE)
            if pause > FAR or self.inside[key] >= ABSENT:
                del self.inside[key]
        was_inside = set(self.inside)
        seen = []
        for key, record in snapshot.pilots.items():
            at = (record["longitude"], record["latitude"])
            if holds(self.airspace.boundary, at) or key in was_inside:
                seen.append(key)
                self.inside.pop(key, None)
                if any(holds(box, at) for box, _ in self.airspace.sectors.values()):
                    self.inside[key] = 0
        for key in was_inside - set(seen):
            if any(agrees(part, key) for part in snapshot.refused_pilots):
                seen.append(key)
                self.inside[key] = 0
        return seen


def holds(box, point):
    return all(low <= value <= high for (low, high), value in zip(box, point))


def agrees(part, key):
    return part[:2] != (None, None) and all(a is None or a == b for a, b in zip(part, key))


def text(*words):
    plain = {None: "-", True: "t", False: "f"}
    flat = []
    for word in words:
        flat += word if isinstance(word, tuple) else [word]
    return " ".join(plain[word] if word is None or isinstance(word, bool) else str(word) for word in flat)


def main(folder, airspace, globs, flip=None):
    with open(airspace, encoding="utf-8") as file:
        airspace = control.Airspace(json.load(file), flip)
    division, presence = Division(globs, flip), Presence(airspace)
    flights, sectors, snapshots = {}, {name: [] for name in airspace.sectors}, feed.snapshots(folder)
    for snapshot in snapshots:
        kept, in_doubt = division.take(snapshot)
        names = [name for name in in_doubt if name is not None]
        for key in presence.take(snapshot):
            state = radio.observation(key[1], snapshot, kept, names, flip)
            flights.setdefault(key, []).append((snapshot.at, state))
        for name, (_, owners) in airspace.sectors.items():
            if owners:
                sectors[name].append((snapshot.at, airspace.control(owners, kept, in_doubt)))
    lines = [text("snapshots", len(snapshots)), text("partial", sum(it.is_partial for it in snapshots))]
    nobody = (None, None, None)
    for key, observations in flights.items():
        for state, begin, end in radio.intervals(observations, snapshots[-1].at, flip):
            who, hertz, is_primary = state[1:] if len(state) > 1 else (nobody, None, None)
            lines.append(text("radio", key, state[0], who, who[1], hertz, is_primary, begin, end))
    for name, shown in sectors.items():
        for state, begin, end in control.intervals(shown, flip):
            who, rank = state[1:] if len(state) > 1 else (nobody, None)
            lines.append(text("control", name, state[0], who, who[1], rank, begin, end))
    connections = [(key, min(key[2], first), last) for key, (first, last) in division.seen.items()]
    for (cid, name), spans in control.sessions(connections, lambda key: (key[0], control.normal(key[1]))).items():
        lines += [text("session", cid, name, begin, end, len(keys)) for begin, end, keys in spans]
    for name, spans in control.sessions(connections, lambda key: control.normal(key[1])).items():
        for begin, end, keys in spans:
            cids = ",".join(map(str, sorted({key[0] for key in keys})))
            lines.append(text("staffing", name, begin, end, cids))
    print("\n".join(sorted(lines)))


main(*sys.argv[1:])
