"""Compares files with the rows they were made of: `check.py FOLDER`.

FOLDER has TABLE.rows, a JSON object a line, as PostgreSQL writes it, and TABLE.FORMAT for each format. The files are
read by other programs' libraries: Parquet by pyarrow and DuckDB, CSV by DuckDB.
"""
import datetime
import json
import pathlib
import struct
import sys

import duckdb
import pyarrow
import pyarrow.parquet

INT64 = {"id", "flight_id", "controller_id"}
INT32 = {
    "planned_altitude_ft", "revision_id", "pilot_rating", "military_rating", "altitude", "groundspeed", "heading",
    "qnh_mb", "duration_seconds", "entry_altitude", "exit_altitude", "frequency_hz", "facility", "rating",
    "visual_range", "cid",
}
DOUBLE = {"latitude", "longitude", "entry_lat", "entry_lon", "exit_lat", "exit_lon"}
TIME = {
    "logon_time", "first_seen", "last_updated", "last_seen", "entry_timestamp", "exit_timestamp", "observed_at",
    "from_timestamp", "to_timestamp", "at", "earliest_at",
}
NEVER_NULL = INT64 - {"controller_id"} | TIME - {"exit_timestamp", "to_timestamp", "earliest_at"} | {
    "callsign", "server", "latitude", "longitude", "altitude", "sector_name", "entry_lat", "entry_lon",
    "entry_altitude", "airspace_revision", "state", "facility", "rating", "frequency", "icao", "kind",
}
MIB = 1024 * 1024


def time(text):
    """Reads a time with any number of digits after the second."""
    text = text.removesuffix("Z").removesuffix("+00:00")
    text, _, digits = text.partition(".")
    micros = int(digits.ljust(6, "0")) if digits else 0
    utc = datetime.timezone.utc
    return datetime.datetime.fromisoformat(text).replace(tzinfo=utc) + datetime.timedelta(microseconds=micros)


def read(row):
    return {k: time(v) if k in TIME and v is not None else v for k, v in row.items()}


def same(what, found, expected):
    """Fails with the first difference."""
    found, expected = list(found), list(expected)
    for number, (one, other) in enumerate(zip(found, expected)):
        assert one == other, f"{what}, row {number}:\n{one}\n{other}"
    assert len(found) == len(expected), f"{what}: {len(found)} rows, not {len(expected)}"


def is_point(table):
    return table in ("flights", "positions", "movements")


def check_csv(path, rows):
    """Every cell as text; null is not the empty text."""
    def text(name, value):
        if value is None or isinstance(value, str):
            return value
        if name in DOUBLE:
            return json.dumps(float(value))
        return json.dumps(value)

    read_csv = f"""select * from read_csv('{path}', all_varchar = true, header = true, nullstr = '', delim = ',',
        quote = '"', escape = '"', allow_quoted_nulls = false, auto_detect = false, new_line = '\\r\\n',
        columns = {{{', '.join(f"'{name}': 'VARCHAR'" for name in rows[0])}}})"""
    found = duckdb.sql(read_csv).fetchall()
    found = [dict(zip(rows[0], row)) for row in found]
    same(path.name, map(read, found), [read({k: text(k, v) for k, v in row.items()}) for row in rows])
    assert path.read_bytes().count(b"\r\n") >= len(rows) + 1
    assert path.read_bytes().decode().split("\r\n")[0] == ",".join(rows[0])


def check_ndjson(path, rows):
    lines = [json.loads(line) for line in path.read_text().removesuffix("\n").split("\n")]
    assert lines.pop() == {"end": True, "rows": len(rows)}, path
    same(path.name, map(read, lines), map(read, rows))
    assert all(list(line) == list(rows[0]) for line in lines), "columns in order"


def check_geojson(path, rows):
    collection = json.loads(path.read_text())
    assert collection["type"] == "FeatureCollection"
    same(path.name, (read(feature["properties"]) for feature in collection["features"]), map(read, rows))
    for feature in collection["features"]:
        row, geometry = feature["properties"], feature["geometry"]
        if "entry_lon" not in row:
            expected = "Point", [row["longitude"], row["latitude"]]
        elif row["exit_lon"] is None:
            expected = "Point", [row["entry_lon"], row["entry_lat"]]
        elif abs(row["exit_lon"] - row["entry_lon"]) > 180:
            assert geometry["coordinates"][0][0] == [row["entry_lon"], row["entry_lat"]]
            assert geometry["coordinates"][1][1] == [row["exit_lon"], row["exit_lat"]]
            expected = "MultiLineString", geometry["coordinates"]
        else:
            expected = "LineString", [[row["entry_lon"], row["entry_lat"]], [row["exit_lon"], row["exit_lat"]]]
        assert (geometry["type"], geometry["coordinates"]) == expected, feature


def check_parquet(path, table, rows):
    file = pyarrow.parquet.ParquetFile(path)
    names = list(rows[0]) + (["geometry"] if is_point(table) else [])
    assert file.schema_arrow.names == names, file.schema_arrow
    for index, name in enumerate(names):
        expected = (
            pyarrow.int64() if name in INT64
            else pyarrow.int32() if name in INT32
            else pyarrow.float64() if name in DOUBLE
            else pyarrow.timestamp("us", "UTC") if name in TIME
            else pyarrow.bool_() if name == "is_primary"
            else pyarrow.binary() if name == "geometry"
            else pyarrow.string()
        )
        assert file.schema_arrow.field(name).type == expected, (name, file.schema_arrow.field(name))
        is_nullable = file.schema.column(index).max_definition_level == 1
        assert is_nullable == (name not in NEVER_NULL | {"geometry"}), name
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        assert group.total_byte_size <= 4 * MIB, group
        for index, name in enumerate(names):
            assert group.column(index).compression == "ZSTD"
            assert group.column(index).is_stats_set == (name != "geometry"), name
    found = file.read().to_pylist()
    expected = [read(row) for row in rows]
    if is_point(table):
        points = [struct.unpack("<BIdd", row.pop("geometry")) for row in found]
        same(f"points of {table}", points, ((1, 1, row["longitude"], row["latitude"]) for row in rows))
        geo = json.loads(file.metadata.metadata[b"geo"])
        column = geo["columns"]["geometry"]
        assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB"), geo
        edges = [f(row[name] for row in rows) for f in (min, max) for name in ("longitude", "latitude")]
        assert column["bbox"] == edges, geo
    same(path.name, found, expected)
    check_by_duckdb(path, rows, expected)


def check_by_duckdb(path, rows, expected):
    # DuckDB's own times need another library in Python.
    columns = (f'epoch_us("{name}")' if name in TIME else f'"{name}"' for name in rows[0])
    found = duckdb.sql(f"select {', '.join(columns)} from read_parquet('{path}')").fetchall()
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    micros = lambda it: (it - epoch) // datetime.timedelta(microseconds=1)
    plain = [tuple(micros(v) if isinstance(v, datetime.datetime) else v for v in row.values()) for row in expected]
    same(f"{path.name} by DuckDB", found, plain)


def main(folder):
    for of_rows in sorted(folder.glob("*.rows")):
        table = of_rows.stem
        rows = [json.loads(line) for line in of_rows.read_text().split("\n") if line]
        assert rows, table
        for path in sorted(folder.glob(f"{table}.*")):
            match path.suffix:
                case ".csv":
                    check_csv(path, rows)
                case ".ndjson":
                    check_ndjson(path, rows)
                case ".geojson":
                    check_geojson(path, rows)
                case ".parquet":
                    check_parquet(path, table.split("_")[0], rows)
                case _:
                    continue
            print(path.name, len(rows))


main(pathlib.Path(sys.argv[1]))
