// ai with @ai-sdk/openai, by chat and by responses. Its embeddings are asked for as floats, always.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embed, generateText, Output, streamText, tool } from "ai";

import {
  CITY,
  HASTY_KEY,
  HUB,
  KEY,
  LONE_MODEL,
  MODEL,
  NOTICE,
  Place,
  QUESTION,
  failNext,
  refusedOnce,
  rescue,
  whileTaken,
} from "./hub.mjs";

for (const api of ["chat", "responses"]) {
  describe(`ai with @ai-sdk/openai, ${api}`, () => {
    const provider = createOpenAI({ baseURL: HUB, apiKey: KEY });
    const hasty = (asked) => createOpenAI({ baseURL: HUB, apiKey: HASTY_KEY, ...asked })[api](MODEL);
    const request = { maxRetries: 0, maxOutputTokens: 20, prompt: QUESTION };
    const whole = (asked) => generateText({ model: provider[api](MODEL), ...request, ...asked });
    const streamed = (asked) => {
      let error;
      const answer = streamText({
        model: provider[api](MODEL),
        ...request,
        ...asked,
        onError: (event) => (error = event.error),
      });
      return answer.text.then((text) => {
        if (error !== undefined) {
          throw error;
        }
        return text;
      });
    };

    it("answers", async () => {
      const answer = await whole();

      assert.ok(answer.text.startsWith(NOTICE));
      assert.equal(answer.usage.outputTokens, 20);
    });

    it("streams", async () => {
      assert.equal(await streamed(), (await whole()).text);
    });

    it("calls tools", async () => {
      const weather = tool({ inputSchema: Place, execute: ({ city }) => `rain in ${city}` });
      const tools = { tools: { weather }, toolChoice: "required", maxOutputTokens: 99 };

      const answer = await whole(tools);
      const calls = await streamText({ model: provider[api](MODEL), ...request, ...tools }).toolCalls;

      assert.equal(answer.toolResults[0].output, "rain in simulated");
      assert.deepEqual(calls[0].input, CITY);
    });

    it("answers by a schema", async () => {
      const answer = await whole({ output: Output.object({ schema: Place }), maxOutputTokens: 99 });

      assert.deepEqual(answer.output, CITY);
    });

    it("sees errors as its own", async () => {
      const stranger = createOpenAI({ baseURL: HUB, apiKey: "sk-wrong" });
      const sees = (status, words) => (error) =>
        APICallError.isInstance(error) && error.statusCode === status && error.message.includes(words);

      await assert.rejects(whole({ model: provider[api]("gpt-9") }), sees(404, "gpt-9"));
      await assert.rejects(whole({ model: stranger[api](MODEL) }), sees(401, "not valid at this hub"));
      await assert.rejects(whole({ prompt: "simulate(status=400)" }), sees(400, "simulated"));
      await whileTaken(() => assert.rejects(whole({ model: hasty() }), sees(429, "requests at once")));
    });

    it("sees a stream that breaks as an error", async () => {
      await assert.rejects(streamed({ model: provider[api](LONE_MODEL), prompt: "simulate(cut=3)" }));
    });

    it("never sees a refusal that another deployment makes good", async () => {
      await failNext("status=503");

      assert.ok((await whole()).text.startsWith(NOTICE));
      assert.deepEqual(await rescue(), { failures: 1, continuations: 0 });
    });

    it("tries again when it was asked to, and not before", async () => {
      const answer = await refusedOnce((fetch) => whole({ model: hasty({ fetch }), maxRetries: 1 }));
      const text = await refusedOnce((fetch) => streamed({ model: hasty({ fetch }), maxRetries: 1 }));

      assert.ok(answer.text.startsWith(NOTICE));
      assert.equal(text, answer.text);
    });
  });
}

describe("ai with @ai-sdk/openai", () => {
  const provider = createOpenAI({ baseURL: HUB, apiKey: KEY });

  it("embeds", async () => {
    const { embedding } = await embed({ model: provider.embedding(MODEL), value: "a mill race" });

    assert.equal(embedding.length, 1_536);
  });
});
