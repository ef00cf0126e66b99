#!/usr/bin/env python3
"""compare.py RUNS.jsonl [proxy|links] - medians of interleaved runs and their ratios against the bars, as a table in Markdown.

The bars are those of compare.sh, or of links.sh.

A pair of runs (one round of one test) is void where either had company of more than 25 % of a core, or where Spillway's
one-way p50 exceeds twice HAProxy's: a proxy that falls behind merges chunks, and looks cheaper than it is. Over links it is void
where one pair delivered fewer chunks than the other by more than 3 %.
"""
import json
import statistics
import sys

MOST_COMPANY = 25
MOST_MISSING = 0.03
BARS = {  # test: (figure, bar as a multiple of HAProxy's)
    "proxy": {
        "c64": ("cpu_us", 1.5),
        "b16": ("cpu_us", 1.5),
        "s200": ("cpu_us", 1.1),
        "s1000": ("cpu_us", 1.1),
        "azure": ("cpu_us", 1.5),
        "rate": ("lat_p99", 1.25),
        "s4000": ("ow_p50", 2.0),
    },
    "links": {
        "s200": ("cpu_us", 1.5),
        "s1000-25": ("cpu_us", 1.5),
        "s1000": ("cpu_us", 1.5),
        "c64": ("cpu_us", None),
    },
}


def median(runs, figure):
    return statistics.median(run.get(figure, 0) for run in runs)


def spread(runs, figure):
    values = [run.get(figure, 0) for run in runs]
    return f"{median(runs, figure):.1f} ({min(values):.1f}-{max(values):.1f})"


def errors(run):
    return run["bad"] + run["conn_err"] + run["no_done"]


def numbers(runs, figure):
    return ", ".join(str(each) for each in sorted({run[figure] for run in runs}))


def why_void(test, pair):
    for run in pair.values():
        if run.get("oth_pct", 0) > MOST_COMPANY:
            return f"company of {run['oth_pct']:.0f} % of a core"
    if test != "s4000" and pair["spillway"].get("ow_p50", 0) > 2 * pair["haproxy"].get("ow_p50", 1e9):
        return "one-way p50 above twice HAProxy's"
    if "links" in pair["haproxy"] and "cps" in pair["haproxy"]:
        fewest, most = sorted(run["cps"] for run in pair.values())
        if fewest < (1 - MOST_MISSING) * most:
            return f"{fewest:.0f} chunks a second, {most:.0f} at the other"
    return None


def facts_of_links(test, hap, spw):
    """Whether two pairs were asked and did the same."""
    said = f"- {test}: links: HAProxy {numbers(hap, 'links')}, Spillway {numbers(spw, 'links')}"
    if hap[0]["mode"] == "stream":
        said += f"; chunks a second: {median(hap, 'cps'):.0f}, {median(spw, 'cps'):.0f}"
        said += f"; chunks of whole answers: {numbers(hap, 'chunks_min')} to {numbers(hap, 'chunks_max')}"
        said += f", {numbers(spw, 'chunks_min')} to {numbers(spw, 'chunks_max')}"
    failed = sum(errors(run) for run in hap)
    return [said] + ([f"- {test}: {failed} requests failed at HAProxy"] if failed else [])


def main():
    bars = BARS[sys.argv[2] if len(sys.argv) > 2 else "proxy"]
    rounds = {}
    for line in open(sys.argv[1], errors="replace"):
        run = json.loads(line)
        proxy, test = run["label"].split("/")
        rounds.setdefault(test, {}).setdefault(run["round"], {})[proxy] = run
    print("| test | runs | HAProxy CPU us | Spillway CPU us | ratio | p50 us, H / S | p99 us, H / S | RSS MB | bar | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    notes, wrong = [], 0
    for test, pairs in rounds.items():
        clean = []
        for number, pair in sorted(pairs.items()):
            why = why_void(test, pair)
            notes += [f"- {test}, round {number}, is void: {why}"] if why else []
            clean += [] if why else [pair]
        used = clean or list(pairs.values())
        hap, spw = ([pair[proxy] for pair in used] for proxy in ("haproxy", "spillway"))
        failed = sum(errors(run) for run in spw)
        wrong += failed
        if "links" in hap[0]:
            notes += facts_of_links(test, hap, spw)
        p = "ow" if hap[0]["mode"] == "stream" else "lat"
        figure, bar = bars[test]
        ratio = median(spw, figure) / max(median(hap, figure), 1e-9)
        cpu = median(spw, "cpu_us") / max(median(hap, "cpu_us"), 1e-9)
        verdict = "no clean run" if not clean else "" if bar is None else "met" if ratio <= bar else "**missed**"
        said = "-" if bar is None else f"{figure} <= {bar} x: {ratio:.2f}"
        print(
            f"| {test} | {len(clean)} of {len(pairs)} | {spread(hap, 'cpu_us')} | {spread(spw, 'cpu_us')} | {cpu:.2f} "
            f"| {median(hap, p + '_p50'):.0f} / {median(spw, p + '_p50'):.0f} "
            f"| {median(hap, p + '_p99'):.0f} / {median(spw, p + '_p99'):.0f} "
            f"| {median(spw, 'rss_mb'):.0f} | {said} | {verdict} |"
        )
        if failed:
            notes.append(f"- {test}: {failed} requests failed at Spillway")
        if test == "rate":
            direct = [pair["direct"] for pair in used]
            added = median(spw, "lat_p50") - median(direct, "lat_p50")
            notes.append(
                f"- rate: added p50 over direct: {added:.0f} us (bar: 60), HAProxy's "
                f"{median(hap, 'lat_p50') - median(direct, 'lat_p50'):.0f} us: {'met' if added <= 60 else '**missed**'}"
            )
        if test == "s4000":
            rss = max(run["rss_mb"] for run in spw)
            notes.append(f"- s4000: RSS {rss:.0f} MB at the most (bar: 450, goal: 350): {'met' if rss <= 450 else '**missed**'}")
    print()
    print("\n".join(notes))
    sys.exit(1 if wrong else 0)


main()
