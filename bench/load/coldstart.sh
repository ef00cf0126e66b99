#!/bin/bash
# coldstart.sh [ROUNDS] - how long Spillway takes to be ready, and whether it bears full load at once, on one core.
#
# Each round starts it anew (everything on, spillway.yaml), polls /readyz every 5 ms, and offers 5,000 requests at 2,000 a second
# from the first 200 on. Prints a line a round: ms from the start of the process until ready, CPU until then, answers of
# 5,000, latency from when a request was due (ms). Env: PROXY_CPU (default 1), LOAD_CPU (default 0), SPILLWAY_JAVA_OPTS.
set -eu
here=$(cd "$(dirname "$0")" && pwd); export BIN=$here/out
rounds=${1:-5} proxy_cpu=${PROXY_CPU:-1} load_cpu=${LOAD_CPU:-0}
for port in 8080 9001 9002 9003 9004 9090; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "coldstart: port $port is taken" >&2; exit 1; }
done
pids=()
cleanup() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -f "$BIN/cold.log"; }
trap cleanup EXIT
"$here/build.sh" >/dev/null
"$here/../../spillway" --version
ENG_CPU=$load_cpu "$here/engines.sh" start >/dev/null
mapfile -t pids < "$BIN/engines.pid"

ready() { curl -fs -o /dev/null localhost:9090/readyz; }
for round in $(seq "$rounds"); do
  begin=$(date +%s%N)
  taskset -c "$proxy_cpu" "$here/../../spillway" serve --config "$here/spillway.yaml" > "$BIN/cold.log" 2>&1 & hub=$!
  until ready; do kill -0 $hub 2>/dev/null || { cat "$BIN/cold.log" >&2; exit 1; }; sleep 0.005; done
  took=$(( ($(date +%s%N) - begin) / 1000000 ))
  read -ra stat < "/proc/$hub/stat"; cpu=$(( (stat[13] + stat[14]) * 1000 / $(getconf CLK_TCK) ))
  line=$(taskset -c "$load_cpu" "$BIN/loadgen" rr -p 8080 -k 64 -R 2000 -N 5000 -w 0 -o 0 -d 30 -c $hub -H "Authorization: Bearer sk-test-7" -l cold)
  echo "round $round: ready in $took ms, $cpu ms of CPU; $(python3 -c '
import json, sys
run = json.loads(sys.argv[1])
print("%(ok)d of 5000 served in %(secs).1f s, %(bad)d refused, %(conn_err)d broken;" % run,
      "latency p50 %.0f ms, p99 %.0f ms; others took %.0f %% of a core" % (run["lat_p50"] / 1e3, run["lat_p99"] / 1e3, run["oth_pct"]))
' "$line")"
  kill $hub; wait $hub 2>/dev/null || true
done
