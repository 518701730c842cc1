"""Makes `airports.csv` from the PyPI package airportsdata (MIT, see LICENSE beside this file):

    pip download --no-deps airportsdata==20260905 && unzip airportsdata-20260905-*.whl
    python3 crates/airports/data/make.py airportsdata/airports.csv crates/airports/data/airports.csv

It keeps every airport with an ICAO code of four characters, with its position to 0.0001 degrees and its elevation in
feet as it is given, in the order of the codes.
"""

import csv
import sys


def degrees(text):
    """The number with at most four digits after the point, and no zeros that say nothing."""
    return f"{round(float(text), 4) + 0.0:.4f}".rstrip("0").rstrip(".")


source, target = sys.argv[1:]
with open(source, encoding="utf-8", newline="") as file:
    airports = [row for row in csv.DictReader(file) if len(row["icao"]) == 4]
airports.sort(key=lambda row: row["icao"])
with open(target, "w", encoding="ascii", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["icao", "latitude", "longitude", "elevation_ft"])
    for row in airports:
        writer.writerow([row["icao"], degrees(row["lat"]), degrees(row["lon"]), row["elevation"]])
print(f"{len(airports)} airports")
