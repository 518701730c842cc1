#!/usr/bin/env bash
# Usage: stack.sh DIRECTORY PROGRAM [ARGUMENT…]
#
# Starts what docker-compose.yml starts, without containers and without Grafana: PostgreSQL with the roles of
# roles.sql, PROGRAM (a sectorwatch, such as target/release/sectorwatch serve --demo), and Prometheus.
# All its files are in DIRECTORY. All processes end with the script (SIGTERM, SIGINT, or any other way).
set -euo pipefail
: "${POSTGRES_PASSWORD:?set a password for both roles}" "${1:?a directory}" "${2:?a program}"
project=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
mkdir -p "$1" && directory=$(realpath "$1") && shift

postgres_port=${POSTGRES_PORT:-5432}
prometheus_port=${PROMETHEUS_PORT:-9090}
export SECTORWATCH_LISTEN=${SECTORWATCH_LISTEN:-127.0.0.1:8080}
at=127.0.0.1:$postgres_port/sectorwatch
export DATABASE_URL=${DATABASE_URL:-postgres://sectorwatch_writer:$POSTGRES_PASSWORD@$at}
export SECTORWATCH_READ_DATABASE_URL=${SECTORWATCH_READ_DATABASE_URL:-postgres://sectorwatch_reader:$POSTGRES_PASSWORD@$at}

programs=${PG_BIN_DIR:-}
for dir in /usr/pgsql-*/bin /usr/lib/postgresql/*/bin; do
    if [[ -z ${PG_BIN_DIR:-} && -x $dir/initdb ]]; then programs=$dir; fi
done
# PostgreSQL refuses to run as root.
unprivileged=()
if ((EUID == 0)); then
    unprivileged=(--reuid=postgres --regid=postgres --clear-groups)
fi
pids=() signals=()

# Runs a command in the background. The command ends with this script, even if the script is killed.
start() { # NAME SIGNAL [OPTION OF setpriv…] COMMAND…
    local name=$1 signal=$2
    shift 2
    setpriv --pdeathsig "$signal" "$@" >"$directory/$name.log" 2>&1 &
    pids+=($!) signals+=("$signal")
}

stop() {
    # In reverse order of the start: the service writes until it ends.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill -s "${signals[i]}" "${pids[i]}" 2>/dev/null || true
        wait "${pids[i]}" 2>/dev/null || true
    done
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

until_ready() {
    local name=$1 pid=$2
    shift 2
    for _ in {1..300}; do
        "$@" >/dev/null 2>&1 && echo "stack.sh: $name is ready" && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$directory/$name.log" >&2
    echo "stack.sh: $name is not ready; its log is $directory/$name.log" >&2
    exit 1
}

cluster=$directory/postgres
socket=$directory/socket
if [[ ! -e $cluster/PG_VERSION ]]; then
    # Only this user can enter the directory of the socket, which requires no password.
    install -d -m 700 ${unprivileged:+-o postgres -g postgres} "$cluster" "$socket"
    setpriv --no-new-privs "${unprivileged[@]}" "$programs/initdb" --pgdata="$cluster" --username=postgres --encoding=UTF8 \
        --auth-local=trust --auth-host=scram-sha-256 >"$directory/initdb.log" 2>&1
fi
start postgres INT "${unprivileged[@]}" "$programs/postgres" -D "$cluster" -k "$socket" \
    -c listen_addresses=127.0.0.1 -c port="$postgres_port"
until_ready postgres $! "$programs/pg_isready" --host=127.0.0.1 --port="$postgres_port"
admin=(--host="$socket" --port="$postgres_port" --username=postgres)
if [[ -z $(psql "${admin[@]}" -XAtc "select 1 from pg_database where datname = 'sectorwatch'" postgres) ]]; then
    createdb "${admin[@]}" sectorwatch
    SECTORWATCH_ROLES_PASSWORD=$POSTGRES_PASSWORD \
        psql "${admin[@]}" -Xq --file="$project/scripts/roles.sql" sectorwatch >"$directory/roles.log"
fi

start sectorwatch TERM "$@"
until_ready sectorwatch $! "$1" health

# Paths in prometheus.yml are relative to it.
mkdir -p "$directory/prometheus/dashboards/targets"
ln -sfn "$project/dashboards/rules" "$directory/prometheus/dashboards/rules"
sed "s/localhost:9090/127.0.0.1:$prometheus_port/" "$project/prometheus.yml" >"$directory/prometheus/prometheus.yml"
echo "- targets: ['$SECTORWATCH_LISTEN']" >"$directory/prometheus/dashboards/targets/stack.yml"
start prometheus TERM prometheus --config.file="$directory/prometheus/prometheus.yml" \
    --storage.tsdb.path="$directory/prometheus/data" --web.listen-address="127.0.0.1:$prometheus_port"
until_ready prometheus $! "$1" health "http://127.0.0.1:$prometheus_port/-/ready"

echo "stack.sh: everything runs"
wait -n "${pids[@]}" || true
echo "stack.sh: a part of it ended; see $directory/*.log" >&2
exit 1
