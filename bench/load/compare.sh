#!/bin/bash
# compare.sh [ROUNDS] - Spillway with every feature on (spillway.yaml) against HAProxy, interleaved, on one core each in turn.
#
# Builds the tools, starts four mock engines, HAProxy and Spillway, warms both up, last with five rounds of the tests that are
# not counted, and runs every test ROUNDS times (default 5): in each round the two run one straight after the other, and who
# is first alternates. Prints medians, spread and the ratios against the bars; every run is a line in out/compare-DATE.jsonl,
# the summary is out/compare-DATE.md.
#
# Env: TESTS (default "c64 b16 s200 s1000 rate s4000 azure"), PROXY_CPU (default 1), LOAD_CPU (engines and generator, default 0),
#      WARM (s, default 20), WARM_ROUNDS (not counted, default 5: a JVM's compiler is at work for minutes), CONFIG (default
#      spillway.yaml), SPILLWAY_JAVA_OPTS (further JVM options), KEEP=1 (leave the access log),
#      NICE (nice value of all that is measured, default 0; below 0 needs root and a session of its own, as by setsid -w,
#      and helps where other work goes on),
#      LOG (pipe or file, default pipe: where Spillway's log of requests goes. A container's runtime reads it from a pipe, as
#      cat does here on the core of the load, where storing it would hold up the load: with KEEP=1 alone. Into a file, what the
#      file system does is Spillway's CPU as well),
#      IDLE (halt or poll, default halt: whether an idle core halts; poll needs root, and is what tuned's profile
#      latency-performance does to a machine: on a virtual one most of a delay is the time that a halted core takes to wake)
set -eu
here=$(cd "$(dirname "$0")" && pwd); export BIN=$here/out
rounds=${1:-5} tests=${TESTS:-c64 b16 s200 s1000 rate s4000 azure}
proxy_cpu=${PROXY_CPU:-1} load_cpu=${LOAD_CPU:-0} warm=${WARM:-20} nice=${NICE:-0} idle=${IDLE:-halt} log=${LOG:-pipe}
config=${CONFIG:-$here/spillway.yaml}
stamp=$(date +%Y%m%d-%H%M%S) out=$BIN/compare-$stamp.jsonl

fail() { echo "compare: $*" >&2; exit 1; }
haproxy=$(command -v haproxy || ls /usr/sbin/haproxy 2>/dev/null) || fail "needs HAProxy 2.6 or newer (apt-get install haproxy)"
command -v gcc >/dev/null || fail "needs gcc (apt-get install gcc libc6-dev)"
command -v python3 >/dev/null || fail "needs python3"
[ "$(nproc)" -ge 2 ] || fail "needs two cores: one for the proxy, one for the load"
ulimit -n "$(ulimit -Hn)"; [ "$(ulimit -n)" -ge 20000 ] || fail "needs 20,000 file descriptors, has $(ulimit -n)"
for port in 8080 8081 8082 9001 9002 9003 9004 9090; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is taken"
done

# Linux weighs sessions before it weighs processes.
[ "$nice" = 0 ] || [ ! -w /proc/$$/autogroup ] || echo "$nice" > /proc/$$/autogroup
# Cores do not halt for as long as the file is open (Linux, PM QoS).
case $idle in
  halt) ;;
  poll) { exec 9<>/dev/cpu_dma_latency && printf '\0\0\0\0' >&9; } 2>/dev/null || fail "IDLE=poll needs root and /dev/cpu_dma_latency";;
  *) fail "IDLE is $idle (expected: halt or poll)";;
esac
case $log in pipe|file) ;; *) fail "LOG is $log (expected: pipe or file)";; esac
pids=()
cleanup() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; [ -n "${KEEP:-}" ] || rm -f "$BIN/access.log"; rm -f "$BIN/log.pipe"; }
trap cleanup EXIT

"$here/build.sh" >/dev/null
"$here/../../spillway" --version
ENG_CPU=$load_cpu nice -n "$nice" "$here/engines.sh" start >/dev/null
engines=$(paste -sd, "$BIN/engines.pid"); IFS=, read -ra each <<< "$engines"; pids+=("${each[@]}")

nice -n "$nice" taskset -c "$proxy_cpu" "$haproxy" -db -f "$here/refs/haproxy.cfg" >/dev/null 2>&1 & hap=$!; pids+=("$hap")
lines=$BIN/access.log
if [ "$log" = pipe ]; then
  [ -n "${KEEP:-}" ] && stored=$BIN/access.log || stored=/dev/null
  lines=$BIN/log.pipe; rm -f "$lines"; mkfifo "$lines"
  nice -n "$nice" taskset -c "$load_cpu" cat < "$lines" > "$stored" & pids+=($!); engines+=,$!
fi
nice -n "$nice" taskset -c "$proxy_cpu" "$here/../../spillway" serve --config "$config" > "$lines" 2> "$BIN/spillway.err" & spw=$!; pids+=("$spw")
for _ in $(seq 200); do curl -fs -o /dev/null localhost:9090/readyz && break; kill -0 $spw 2>/dev/null || break; sleep 0.1; done
curl -fs -o /dev/null localhost:9090/readyz || { cat "$BIN/spillway.err" >&2; fail "Spillway did not start"; }

# load LABEL PORT PIDS MODE OPTIONS... - one run; prints its line
load() {
  local label=$1 port=$2 of=$3 mode=$4; shift 4
  nice -n "$nice" taskset -c "$load_cpu" "$BIN/loadgen" "$mode" -p "$port" -c "$of" -e "$engines" -H "Authorization: Bearer sk-test-7" -l "$label" "$@"
}
# The first seconds (-w) of each are not counted: streams begin one after another, and a JVM compiles anew for another load.
options() {
  case $1 in
    c64) echo rr -k 64 -w 0.5 -d 5;;
    b16) echo rr -k 64 -B 16384 -w 0.5 -d 5;;
    rate) echo rr -k 64 -R 2000 -w 3 -d 5;;
    s200) echo stream -k 200 -P 20 -m 200 -o 2000 -w 2.5 -d 5;;
    s1000) echo stream -k 1000 -P 20 -m 200 -o 2500 -w 4 -d 6;;
    s4000) echo stream -k 4000 -P 100 -m 100 -o 5000 -w 6 -d 6;;
    azure) echo stream -k 200 -P 20 -m 200 -o 2000 -w 2.5 -d 5 -M mock-azure;;
    *) fail "no test is called $1";;
  esac
}
run() { # PROXY TEST ROUND
  local port of others opts
  read -ra opts <<< "$(options "$2")"
  case $1 in
    haproxy) of=$hap port=8081; [ "$2" = azure ] && port=8082;;
    spillway) of=$spw port=8080;;
    direct) of=$hap port=9001;;
  esac
  load "$1/$2" "$port" "$of" "${opts[@]}" | sed "s/^{/{\"round\":$3,/" >> "$out"
}

for t in $tests; do options "$t" >/dev/null; done
echo "compare: warming up"
for port in 8081 8080; do
  [ $port = 8081 ] && of=$hap || of=$spw
  load warm $port "$of" rr -k 64 -w 0 -d "$warm" >/dev/null
  load warm $port "$of" stream -k 200 -P 2 -m 200 -w 0 -d 5 >/dev/null
  [ $port = 8080 ] && load warm $port "$of" stream -k 200 -P 2 -m 200 -w 0 -d 3 -M mock-azure >/dev/null
done
for _ in $(seq "${WARM_ROUNDS:-5}"); do
  for t in $tests; do
    for proxy in haproxy spillway; do out=/dev/null run "$proxy" "$t" 0; done
  done
done
for round in $(seq "$rounds"); do
  for t in $tests; do
    order="haproxy spillway"; [ $((round % 2)) = 0 ] && order="spillway haproxy"
    [ "$t" = rate ] && order="direct $order"
    for proxy in $order; do run "$proxy" "$t" "$round"; done
  done
  echo "compare: round $round of $rounds is done"
done
kill -0 "$spw" 2>/dev/null || fail "Spillway died; see $BIN/spillway.err"
python3 "$here/compare.py" "$out" | tee "$BIN/compare-$stamp.md"
echo "compare: lines are in $out"
