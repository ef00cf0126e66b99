// The hub that NpmClientsIT started: HUB is its URL, KEY opens it, HASTY_KEY opens it for one request at a time.
// CONTROL is where a test says what goes wrong next, and asks how it was mended.

import assert from "node:assert/strict";
import { z } from "zod";

export const { HUB, KEY, HASTY_KEY, MODEL, LONE_MODEL } = process.env;
const { CONTROL } = process.env;

export const QUESTION = "Say something.";
export const NOTICE = "This answer is simulated.";
export const Place = z.object({ city: z.string() });
export const CITY = { city: "simulated" };

/** For how long those are asked to wait who find the place of HASTY_KEY taken. */
const ASKED_MS = 1_000;

/** Has the next request to the first choice for MODEL fail. */
export async function failNext(fault) {
  await control("POST", "fault", fault);
}

/** How the request that was answered although an attempt failed came to its answer. */
export async function rescue() {
  return (await control("GET", "rescue")).json();
}

/** Does this while the only place of HASTY_KEY is taken. */
export async function whileTaken(asked) {
  await control("PUT", "place");
  try {
    await asked();
  } finally {
    await control("DELETE", "place");
  }
}

/**
 * Has a client with HASTY_KEY, which asks by the fetch that it is given, find its place taken at first and then free;
 * sees that it comes again once, not before it was asked to, and gives what its call came to.
 */
export async function refusedOnce(call) {
  const tries = [];
  const watching = async (...request) => {
    const at = performance.now();
    const answer = await fetch(...request);
    tries.push({ at, status: answer.status });
    if (answer.status === 429) {
      await control("DELETE", "place");
    }
    return answer;
  };
  await control("PUT", "place");
  const answer = await call(watching).finally(() => control("DELETE", "place"));

  assert.deepEqual(tries.map(({ status }) => status), [429, 200]);
  // The hub frees the place a moment after the client has its answer, and the next test takes it.
  await control("GET", "served");
  const waited = tries[1].at - tries[0].at;
  assert.ok(waited >= ASKED_MS, `came again after ${waited} ms`);
  return answer;
}

async function control(method, path, body) {
  const answer = await fetch(`${CONTROL}/${path}`, { method, body });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer;
}
