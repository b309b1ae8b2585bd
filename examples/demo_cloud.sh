#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `make demo-cloud`: a service of models on loopback, with a CA and keys made on
# the spot. A firmware is inferred with its help; then the service goes away,
# and the frozen run is the same.
#
#   demo_cloud.sh [BUILD-FOLDER]    without one: builds the preset default
set -eu
cd "$(dirname "$0")/.."

build=${1:-}
if [ -z "$build" ]; then
    sh cmake/build.sh default fwsim_cli fwsim_modeld firmware_weather
    build=build/default
fi
build=$(cd "$build" && pwd)
names=$PWD/examples/unknown_board/models/names.yaml
weather=$build/examples/unknown_board/weather.elf
PATH=$build/ports/cli:$build/ports/modeld:$PATH
[ -e "$weather" ] || {
    echo "demo_cloud: there is no $weather; arm-none-eabi-gcc builds it" >&2
    exit 77
}

dir=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
cd "$dir"
# Nothing of the user's own: trust, cache and seen versions are in the folder.
HOME=$dir
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME SSL_CERT_FILE \
    https_proxy HTTPS_PROXY || true
export HOME PATH

step() { printf '\n== %s\n' "$1"; }
show() { printf '$ %s\n' "$*"; "$@"; }

step 'A CA, a certificate of the server, and the key of a team'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout ca.key -out ca.pem -subj '/CN=demo CA' -days 2 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout server.key -out server.csr -subj /CN=localhost 2>/dev/null
printf 'subjectAltName=DNS:localhost\n' >server.ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
    -out server.pem -days 2 -extfile server.ext 2>/dev/null
show fwsim bundle keygen acme
mkdir -p .config/fwsim/trust knowledge
cp acme.pem .config/fwsim/trust

step 'The team packs the names that it knows into a signed bundle'
show fwsim bundle build -o knowledge/acme100.fwb -k acme.key --name acme100 \
    --version 1 --soc ACME100 --vendor ACME --licence CC0-1.0 \
    --provenance 'the manual on our desk' --part "names=$names"
show fwsim repo init -k acme.key --name demo repo
show fwsim repo publish -k acme.key --name demo repo knowledge/acme100.fwb

step 'The service starts on loopback'
fwsim-modeld --listen 127.0.0.1:0 --cert server.pem --cert-key server.key \
    --repo repo --knowledge knowledge --trust .config/fwsim/trust \
    --sign-key acme.key --log modeld.log &
server=$!
port=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    port=$(sed -n "s/.*listening at .*, port //p" modeld.log 2>/dev/null) || true
    [ -z "$port" ] || break
    sleep 0.2
done
[ -n "$port" ] || { cat modeld.log >&2; exit 1; }
url=https://localhost:$port/
cat modeld.log

infer() {
    fwsim infer -b generic_cortex_m3 --limit 200k "$@" "$weather"
}
fingerprint() { # of a frozen run from FILE
    fwsim run -b generic_cortex_m3 --models "$1" --frozen --limit 200k --json \
        --fingerprint "$weather" | sed -n 's/.*"fingerprint": "\(.*\)".*/\1/p'
}

step 'What would be uploaded: no code, no data, no addresses'
printf '$ fwsim infer --show-upload ... weather.elf\n'
infer --show-upload 2>/dev/null | head -n 8
echo '...'

step 'Without help, then with it'
infer -o alone.yaml 2>/dev/null
printf '$ fwsim infer --models-from %s -o models.yaml ... weather.elf\n' "$url"
infer --models-from "$url" --ca ca.pem -o models.yaml
diff -u alone.yaml models.yaml | sed -n '/^[+-].*name:/p' | head -n 12 || true

step 'The bundle itself, locked for this project'
show fwsim models add --ca ca.pem "$url" acme100
cat fwsim.lock

step 'The service stops; the frozen run is the same'
online=$(fingerprint models.yaml)
kill "$server"
wait "$server" 2>/dev/null || true
server=
cat modeld.log | tail -n 4
show fwsim models sync --offline
offline=$(fingerprint models.yaml)
alone=$(fingerprint alone.yaml)
printf 'fingerprints: with the service %s, without it %s, never asked %s\n' \
    "$online" "$offline" "$alone"
[ -n "$online" ] && [ "$online" = "$offline" ] && [ "$online" = "$alone" ] || {
    echo 'demo_cloud: they differ' >&2
    exit 1
}
echo 'They are equal.'
