// openai: chat, completions, responses, embeddings, moderations and models.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

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

describe("openai", () => {
  const client = new OpenAI({ baseURL: HUB, apiKey: KEY, maxRetries: 0 });
  const chat = (request) => client.chat.completions.create({ max_completion_tokens: 9, ...request });
  const saying = (content, model = MODEL) => ({ model, messages: [{ role: "user", content }] });
  const weather = {
    type: "function",
    function: { name: "weather", parameters: z.toJSONSchema(Place) },
  };

  async function whole(request) {
    return (await chat(request)).choices[0].message.content;
  }

  async function streamed(request) {
    let text = "";
    for await (const chunk of await chat({ ...request, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    return text;
  }

  it("chats", async () => {
    const answer = await chat(saying(QUESTION));

    assert.ok(answer.choices[0].message.content.startsWith(NOTICE));
    assert.equal(answer.usage.completion_tokens, 9);
  });

  it("streams", async () => {
    assert.equal(await streamed(saying(QUESTION)), await whole(saying(QUESTION)));
  });

  it("gets the usage of a stream if it asks", async () => {
    const request = { ...saying(QUESTION), stream_options: { include_usage: true } };

    const answer = await client.chat.completions.stream({ ...request, max_completion_tokens: 9 }).finalChatCompletion();

    assert.equal(answer.usage.completion_tokens, 9);
  });

  it("calls tools, whole and streamed", async () => {
    const request = { ...saying("Will it rain?"), max_completion_tokens: 99, tools: [weather], tool_choice: "required" };

    const whole = await chat(request);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();

    for (const answer of [whole, streamed]) {
      const [call] = answer.choices[0].message.tool_calls;
      assert.equal(call.function.name, "weather");
      assert.deepEqual(JSON.parse(call.function.arguments), CITY);
    }
  });

  it("reads answers by a schema", async () => {
    const answer = await client.chat.completions.parse({
      ...saying("Where?"),
      response_format: zodResponseFormat(Place, "place"),
    });

    assert.deepEqual(answer.choices[0].message.parsed, CITY);
  });

  it("embeds in base64 unless told otherwise", async () => {
    const request = { model: MODEL, input: "a mill race", dimensions: 64 };

    const usual = await client.embeddings.create(request);
    const floats = await client.embeddings.create({ ...request, encoding_format: "float" });

    assert.equal(usual.data[0].embedding.length, 64);
    assert.deepEqual(usual.data[0].embedding, floats.data[0].embedding.map(Math.fround));
  });

  it("completes prompts, moderates and lists models", async () => {
    const completion = await client.completions.create({ model: MODEL, prompt: "Once" });
    const moderation = await client.moderations.create({ input: "a mill race" });
    const models = [];
    for await (const model of client.models.list()) {
      models.push(model.id);
    }

    assert.ok(completion.choices[0].text.startsWith(NOTICE));
    assert.equal(moderation.results[0].flagged, false);
    assert.ok(models.includes(MODEL) && models.includes(LONE_MODEL));
  });

  it("speaks the responses API, whole and streamed", async () => {
    const request = { model: MODEL, input: QUESTION };

    const whole = await client.responses.create(request);
    const streamed = await client.responses.stream(request).finalResponse();
    const parsed = await client.responses.parse({ ...request, text: { format: zodTextFormat(Place, "place") } });

    assert.ok(whole.output_text.startsWith(NOTICE));
    assert.equal(streamed.output_text, whole.output_text);
    assert.deepEqual(parsed.output_parsed, CITY);
  });

  it("sees errors as its own", async () => {
    const stranger = new OpenAI({ baseURL: HUB, apiKey: "sk-wrong", maxRetries: 0 });
    const hasty = new OpenAI({ baseURL: HUB, apiKey: HASTY_KEY, maxRetries: 0 });

    await assert.rejects(
      chat(saying(QUESTION, "gpt-9")),
      (error) => error instanceof NotFoundError && error.message.includes("gpt-9"),
    );
    await assert.rejects(stranger.models.list(), AuthenticationError);
    await assert.rejects(
      chat({ ...saying(QUESTION), n: 2 }),
      (error) => error instanceof BadRequestError && error.param === "n",
    );
    await whileTaken(() =>
      assert.rejects(
        hasty.chat.completions.create(saying(QUESTION)),
        (error) => error instanceof RateLimitError && error.message.includes("requests at once"),
      ),
    );
  });

  it("sees a stream that breaks as an error", async () => {
    await assert.rejects(streamed(saying("simulate(cut=3)", LONE_MODEL)), APIError);
    await assert.rejects(streamed(saying("simulate(error=3)", LONE_MODEL)), APIError);
  });

  it("sees the whole of a stream that breaks at home", async () => {
    const usual = await whole(saying(QUESTION));

    await failNext("cut=3");

    assert.equal(await streamed(saying(QUESTION)), usual);
    assert.deepEqual(await rescue(), { failures: 1, continuations: 1 });
  });

  it("never sees a refusal that another deployment makes good", async () => {
    await failNext("status=503");

    assert.ok((await whole(saying(QUESTION))).startsWith(NOTICE));
    assert.deepEqual(await rescue(), { failures: 1, continuations: 0 });
  });

  it("waits as long as it is asked and tries again", async () => {
    const asked = { ...saying(QUESTION), max_completion_tokens: 9 };
    const hasty = (fetch) => new OpenAI({ baseURL: HUB, apiKey: HASTY_KEY, maxRetries: 1, fetch }).chat.completions;

    const whole = await refusedOnce((fetch) => hasty(fetch).create(asked));
    const streamed = await refusedOnce((fetch) => hasty(fetch).stream(asked).finalChatCompletion());

    assert.ok(whole.choices[0].message.content.startsWith(NOTICE));
    assert.deepEqual(streamed.choices[0].message.content, whole.choices[0].message.content);
  });
});
