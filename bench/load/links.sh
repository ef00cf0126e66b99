#!/bin/bash
# links.sh [ROUNDS] - Spillway's hub and agent against two chained HAProxies that speak HTTP/2 over mTLS, a pair on one core in turn.
#
# Both pairs take HTTP/1.1 from clients, carry it over TLS 1.3 with certificates on both sides, and give it to the same engines
# as HTTP/1.1. Makes throw-away certificates for the HAProxies and joins the agent with a real token; warms both pairs up, and runs
# every test ROUNDS times (default 5): in each round the pairs run one straight after the other, and who is first alternates.
# CPU is that of both processes of a pair. Prints medians, spread and the ratios against the bar; every run is a line in
# out/links-DATE.jsonl, the summary is out/links-DATE.md.
#
# Env: TESTS (default "s200 s1000-25 s1000 c64": streams, or connections with requests; a stream has 50 chunks a second, or 25),
#      STREAMS_PER_LINK (at most, of the HAProxies; default 32, which makes as many links for 1,000 streams as Spillway makes),
#      PAIR_CPU (default 1), LOAD_CPU (engines and generator, default 0), WARM (s, default 30), SPILLWAY (another build to run),
#      SPILLWAY_JAVA_OPTS (further JVM options), NICE (as compare.sh)
set -eu
here=$(cd "$(dirname "$0")" && pwd); export BIN=${BIN:-$here/out}
rounds=${1:-5} tests=${TESTS:-s200 s1000-25 s1000 c64}
pair_cpu=${PAIR_CPU:-1} load_cpu=${LOAD_CPU:-0} warm=${WARM:-30} nice=${NICE:-0}
export STREAMS_PER_LINK=${STREAMS_PER_LINK:-32} CERTS=$BIN/links/certs CIPHER=
stamp=$(date +%Y%m%d-%H%M%S) out=$BIN/links-$stamp.jsonl

fail() { echo "links: $*" >&2; exit 1; }
haproxy=$(command -v haproxy || ls /usr/sbin/haproxy 2>/dev/null) || fail "needs HAProxy 2.6 or newer (apt-get install haproxy)"
for tool in gcc python3 openssl curl ss; do command -v $tool >/dev/null || fail "needs $tool"; done
[ "$(nproc)" -ge 2 ] || fail "needs two cores: one for the pair, one for the load"
ulimit -n "$(ulimit -Hn)"; [ "$(ulimit -n)" -ge 20000 ] || fail "needs 20,000 file descriptors, has $(ulimit -n)"
for port in 8080 8081 8443 8444 9001 9002 9003 9004 9090 9191; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is taken"
done

# Linux weighs sessions before it weighs processes.
[ "$nice" = 0 ] || [ ! -w /proc/$$/autogroup ] || echo "$nice" > /proc/$$/autogroup
pids=()
cleanup() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$BIN/links"; }
trap cleanup EXIT

# certificate NAME USAGE - NAME.pem, key and certificate, signed by ca.pem
certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf 'extendedKeyUsage=%s\nsubjectAltName=DNS:%s\n' "$2" "$1" |
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile /dev/stdin -out "$1.crt"
  cat "$1.crt" "$1.key" > "$1.pem"
}
certificates() {
  mkdir -p "$CERTS"; cd "$CERTS"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=bench -keyout ca.key -out ca.pem
  certificate far serverAuth
  certificate near clientAuth
}

# cipher PORT ALPN [OPTIONS...] - what whoever listens there chooses for a client that offers what an agent does, in its order
suites=TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
cipher() {
  local port=$1 alpn=$2; shift 2
  openssl s_client -connect "127.0.0.1:$port" -alpn "$alpn" -ciphersuites "$suites" "$@" </dev/null 2>/dev/null | sed -n 's/^New, \(TLSv[^,]*\), Cipher is \(.*\)/\1 \2/p'
}
on_pair_cpu() { exec nice -n "$nice" taskset -c "$pair_cpu" "$@"; }
is_up() { curl -fs -o /dev/null -m 2 "localhost:$1/v1/chat/completions" -H "Authorization: Bearer sk-test-7" -H "Content-Type: application/json" -d '{"model":"mock","messages":[{"role":"user","content":"hello"}]}'; }
await() { for _ in $(seq 200); do is_up "$1" && return; sleep 0.1; done; cat "$BIN"/links/*.log >&2; fail "nothing answers on port $1"; }

"$here/build.sh" >/dev/null
spillway=${SPILLWAY:-$here/../../spillway}
"$spillway" --version
rm -rf "$BIN/links"; mkdir -p "$BIN/links"; cp "$here"/links/*.yaml "$BIN/links" # where they keep their keys
(certificates) 2> "$BIN/links/openssl.log" || fail "no certificates: $(cat "$BIN/links/openssl.log")"
ENG_CPU=$load_cpu nice -n "$nice" "$here/engines.sh" start >/dev/null
engines=$(paste -sd, "$BIN/engines.pid"); IFS=, read -ra each <<< "$engines"; pids+=("${each[@]}")

on_pair_cpu "$spillway" serve --config "$BIN/links/hub.yaml" > "$BIN/links/access.log" 2> "$BIN/links/hub.log" & hub=$!; pids+=("$hub")
for _ in $(seq 200); do cipher 8443 http/1.1 >/dev/null && break; kill -0 $hub 2>/dev/null || break; sleep 0.1; done
token=$("$spillway" site token --config "$BIN/links/hub.yaml" --site partner) || fail "the hub gives no token: $(cat "$BIN/links/hub.log")"
on_pair_cpu "$spillway" site --config "$BIN/links/site.yaml" --token "$token" > "$BIN/links/agent.log" 2>&1 & agent=$!; pids+=("$agent")
await 8080
chosen=$(cipher 8443 http/1.1); CIPHER=${chosen#* }

on_pair_cpu "$haproxy" -db -f "$here/links/far.cfg" > "$BIN/links/far.log" 2>&1 & far=$!; pids+=("$far")
on_pair_cpu "$haproxy" -db -f "$here/links/near.cfg" > "$BIN/links/near.log" 2>&1 & near=$!; pids+=("$near")
await 8081
theirs=$(cipher 8444 h2 -cert "$CERTS/near.crt" -key "$CERTS/near.key")
[ "$chosen" = "$theirs" ] || fail "not the same TLS: $chosen, HAProxy's $theirs"
echo "links: $chosen on both"

options() {
  case $1 in
    s200) echo stream -k 200 -P 20 -m 200 -o 2000 -w 2.5 -d 5;;
    s1000) echo stream -k 1000 -P 20 -m 200 -o 2500 -w 4 -d 6;;
    s1000-25) echo stream -k 1000 -P 40 -m 200 -o 2500 -w 4 -d 6;;
    c64) echo rr -k 64 -w 0.5 -d 5;;
    *) fail "no test is called $1";;
  esac
}
# load LABEL PAIR MODE OPTIONS... - one run; prints its line
load() {
  local label=$1 pair=$2 mode=$3 port=8080 of=$hub,$agent; shift 3
  [ "$pair" = spillway ] || { port=8081 of=$near,$far; }
  nice -n "$nice" taskset -c "$load_cpu" "$BIN/loadgen" "$mode" -p "$port" -c "$of" -e "$engines" -H "Authorization: Bearer sk-test-7" -l "$label" "$@"
}
run() { # PAIR TEST ROUND
  local port=8443 opts line links
  [ "$1" = spillway ] || port=8444
  read -ra opts <<< "$(options "$2")"
  line=$(load "$1/$2" "$1" "${opts[@]}")
  links=$(ss -Htn state established "( sport = :$port )" | wc -l)
  [ "$1" = haproxy ] || links=$((links - 1)) # one of them carries no requests
  echo "{\"round\":$3,\"links\":$links,${line#\{}" >> "$out"
}

# on CPUS - lets all of Spillway run there; while it warms up its compilers take whatever is free
on() { for p in $hub $agent; do taskset -a -cp "$1" "$p" >/dev/null; done; }

for t in $tests; do options "$t" >/dev/null; done
echo "links: warming up"
on "$pair_cpu,$load_cpu"
for pair in haproxy spillway; do
  load warm $pair rr -k 64 -w 0 -d "$warm" >/dev/null
  load warm $pair stream -k 200 -P 2 -m 200 -w 0 -d $((warm / 3 + 1)) >/dev/null
  load warm $pair stream -k 1000 -P 20 -m 200 -w 0 -d $((warm / 3 + 1)) >/dev/null
done
on "$pair_cpu"
for round in $(seq "$rounds"); do
  for t in $tests; do
    order="haproxy spillway"; [ $((round % 2)) = 0 ] && order="spillway haproxy"
    for pair in $order; do run "$pair" "$t" "$round"; done
  done
  echo "links: round $round of $rounds is done"
done
for p in $hub $agent; do kill -0 "$p" 2>/dev/null || { cat "$BIN"/links/*.log >&2; fail "a process of Spillway died"; }; done
python3 "$here/compare.py" "$out" links | tee "$BIN/links-$stamp.md"
echo "links: lines are in $out"
