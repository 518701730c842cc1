"""Control of sectors, sessions and staffing: docs/control.md, from the rule alone."""

import functools
import re

from radio import canon, holds, merged


class Airspace:
    """The file. Each of its polygons is a rectangle along the grid."""

    def __init__(self, collection, flip=None):
        self.flip = flip
        self.cut_hyphen = collection.get("cut_hyphen", False)
        self.positions, self.sectors, self.boundary = [], {}, None
        for name, entry in collection.get("positions", {}).items():
            for position in entry if isinstance(entry, list) else [entry]:
                self.positions.append((name, position["prefixes"], position["suffix"], position.get("frequency_hz")))
        known, named = {name for name, *_ in self.positions}, set()
        for feature in collection["features"]:
            properties = feature["properties"]
            points = feature["geometry"]["coordinates"][0]
            box = [(min(axis), max(axis)) for axis in zip(*points)]
            if properties["role"] == "boundary":
                self.boundary = box
                continue
            owners = [owner for owner in properties.get("owners", []) if owner in known]
            if "owners" not in properties:
                owners = properties.get("callsigns", [])
                named.update(owners)
            self.sectors[properties["id"]] = (box, list(dict.fromkeys(owners)))
        self.positions += [(name, [name.rpartition("_")[0]], name.rpartition("_")[2], None) for name in sorted(named)]

    @functools.cache
    def fitting(self, callsign):
        """The positions that a callsign fits, on whatever frequency."""
        stem, mark, suffix = normal(callsign).rpartition("_")
        while mark:
            found = {(name, hertz) for name, prefixes, kind, hertz in self.positions
                     if kind.upper() == suffix and stem in [normal(prefix).rstrip("_") for prefix in prefixes]}
            if found or self.flip == "cut":
                return found
            cuts = [at for at in range(len(stem)) if stem[at] == "_" or (self.cut_hyphen and stem[at] == "-")]
            if not cuts:
                return set()
            stem = stem[:cuts[-1]]
        return set()

    @functools.cache
    def staffed(self, callsign, khz):
        """The ids of the positions that a controller staffs."""
        found = self.fitting(callsign)
        if len(found) > 1:
            found = {it for it in found if it[1] is not None and canon(it[1], self.flip) == khz}
        return {name for name, _ in found}

    def control(self, owners, kept, in_doubt):
        """Who controls a sector: ("controlled", controller, rank), ("uncontrolled",) or ("unknown",)."""
        if kept is None:
            return ("unknown",)
        if self.flip == "owners":
            owners = owners[::-1]
        online = sorted((key for key, khz in kept.items() if khz is not None),
                        key=lambda key: (key[2], key[0]), reverse=self.flip == "logon")
        for rank, owner in enumerate(owners):
            for key in online:
                if owner in self.staffed(key[1], kept[key]):
                    return ("controlled", key, rank)
            if self.flip != "doubt" and any(
                    name is None or owner in {it for it, _ in self.fitting(name)} for name in in_doubt):
                return ("unknown",)
        return ("uncontrolled",)


def normal(callsign):
    return re.sub("_+", "_", callsign.upper())


def intervals(shown, flip=None):
    """The rows of a sector, from all snapshots (time, state) at once."""
    pieces = []
    for number, (at, state) in enumerate(shown):
        if number + 1 == len(shown):
            pieces.append((state, at, None))
        else:
            until = shown[number + 1][0]
            pieces.append((state if holds(until - at, flip) else ("unknown",), at, until))
    return merged(pieces, lambda state: state)


def sessions(connections, of):
    """Connections (key, begin, end) that are at most 5 minutes apart, by what `of` says of each key."""
    groups = {}
    for key, begin, end in sorted(connections, key=lambda it: it[1]):
        spans = groups.setdefault(of(key), [])
        if spans and begin - spans[-1][1] <= 300 * 10**6:
            spans[-1][1] = max(spans[-1][1], end)
            spans[-1][2].append(key)
        else:
            spans.append([begin, end, [key]])
    return groups
