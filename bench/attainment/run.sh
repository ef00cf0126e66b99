#!/bin/sh
# Home only against home and partner: the Azure 2023 conversation trace at three speeds, live and simulated, side by side.
#   bench/attainment/run.sh [MINUTES of the trace] [SPEEDS]     default: 8 "3 6 9"; about 14 minutes
# The live engines are up to a fifth faster or slower than their profile, which the hub does not know.
set -eu
cd "$(dirname -- "$0")/../.."
minutes=${1:-8} speeds=${2:-"3 6 9"}
trace=data/azure-2023/AzureLLMInferenceTrace_conv.csv
out=$(mktemp -d)
export CHATGPT_KEY=sk-bench
pids=""
trap 'kill $pids 2>/dev/null || true; rm -rf "$out"' EXIT INT TERM

# The configuration without the partner.
sed '/^  chat-oci:/,/^tenants:/{/^tenants:/!d}' bench/attainment/home-and-partner.yaml >"$out/home.yaml"
cp bench/attainment/home-and-partner.yaml "$out/both.yaml"

./spillway engine --port 18000 --units 600 --replicas 6 --perturb 0.2 --seed 11 >"$out/home.log" & pids="$pids $!"
./spillway engine --port 18001 --replicas 12 --perturb 0.2 --seed 12 >"$out/partner.log" & pids="$pids $!"
sleep 3

field() { sed -n "s/.*\"$2\":\([0-9.]*\).*/\1/p" "$1"; }
row() { # name, file, 429s
  a=$(field "$2" attainment) s=$(sed -n 's/.*"oci-chicago":\([0-9.]*\).*/\1/p' "$2")
  printf '%-6s %-22s %8s %8s %8s %9s %9s %8s %6s\n' "$speed" "$1" "$(field "$2" requests)" "$(field "$2" whole)" \
    "$(sed -n 's/.*"ttft_ms":{[^}]*"p99":\([0-9.]*\).*/\1/p' "$2")" "$(field "$2" goodput_rps)" "$a" "${s:-0}" "$3"
}

printf '%-6s %-22s %8s %8s %8s %9s %9s %8s %6s\n' speed what requests whole 'ttft p99' 'goodput/s' attained spilled 429s
for speed in $speeds; do
  for what in home both; do
    ./spillway serve --config "$out/$what.yaml" >"$out/hub.log" 2>&1 & hub=$!; pids="$pids $hub"
    for _ in 1 2 3 4 5 6 7 8 9 10; do curl -fs http://127.0.0.1:19090/readyz >/dev/null && break; sleep 0.5; done
    ./spillway replay --trace $trace --speed "$speed" --from 10m --duration "${minutes}m" --base-url http://127.0.0.1:18080/v1 \
      --key $CHATGPT_KEY --model gpt-4o --output json >"$out/$what.json" 2>"$out/replay.log" || true
    refused=$(curl -fs http://127.0.0.1:19090/metrics | awk '/^spillway_attempt_failures.*azure-eastus2/ && /rate.limited/ {n += $2} END {print n + 0}')
    kill "$hub"; wait "$hub" 2>/dev/null || true
    ./spillway simulate --config "$out/$what.yaml" --trace $trace --speed "$speed" --from 10m --duration "${minutes}m" \
      --provisioned-engines 6 --output json >"$out/$what-sim.json"
    if [ $what = home ]; then name="home only"; else name="home + partner"; fi
    row "$name, live" "$out/$what.json" "$refused"
    row "$name, simulated" "$out/$what-sim.json" -
  done
done
