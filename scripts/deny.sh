#!/usr/bin/env bash
# Checks the dependencies (deny.toml): licences, duplicates, sources; and known vulnerabilities, if a copy
# of RustSec's database is available.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo deny --locked check bans licenses sources
if said=$(cargo deny --locked fetch db 2>&1); then
    cargo deny --locked check --disable-fetch advisories
else
    echo "deny.sh: could not look for advisories: $(tail -n 1 <<<"$said")" >&2
fi
