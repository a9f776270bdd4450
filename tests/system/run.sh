#!/bin/bash
# The portal on a bare machine: a fresh clone, no services, an empty package cache.
#   tests/system/run.sh [root|user|both]        (both, when run as root; else the user's own)
# Prints the times it measured; exit code 0 when all of it held.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$(git -C "$here" rev-parse --show-toplevel)
who=${1:-$([ "$(id -u)" = 0 ] && echo both || echo user)}
work=$(mktemp -d "${TMPDIR:-/tmp}/portal-system.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# A user's own environment and nothing of this shell's, but what names certificates and the way to the network.
environment=(LANG=C.UTF-8 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1)
for name in PORTAL_SYSTEM_SLACK SSL_CERT_FILE SSL_CERT_DIR PIP_CERT REQUESTS_CA_BUNDLE PIP_INDEX_URL PIP_DEFAULT_TIMEOUT \
            http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -n "${!name:-}" ] && environment+=("$name=${!name}")
done

life() { # NAME PYTHON COMMAND...: clones, then lives through start, stop, kill and restart as that user
    local name=$1 python=$2 port
    shift 2
    local home="$work/$name"
    mkdir "$home"
    git clone --quiet --no-local "$source" "$home/clone"
    [ $# -gt 0 ] && chown -R 65534:65534 "$home"
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    echo "== as $name"
    (cd "$home/clone" && "$@" env -i "${environment[@]}" "HOME=$home" "PATH=$(dirname "$python"):/usr/bin:/bin" \
        "PORT=$port" "$python" -I "$home/clone/tests/system/life.py" "$home/clone")
}

python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
# The interpreter of root's home is out of reach for others.
open=$python
if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups env "$open" -c '' 2>/dev/null || open=/usr/bin/python3
fi

case $who in
    root) life root "$python" ;;
    user)
        if [ "$(id -u)" = 0 ]; then
            life user "$open" setpriv --reuid=65534 --regid=65534 --clear-groups
        else
            life user "$python"
        fi
        ;;
    both)
        "$0" user
        "$0" root
        ;;
    *)
        echo "root, user or both?" >&2
        exit 2
        ;;
esac
