// @langchain/openai, by chat and by responses.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";

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

describe("@langchain/openai", () => {
  const settings = { model: MODEL, apiKey: KEY, maxRetries: 0, configuration: { baseURL: HUB } };
  const chat = (asked) => new ChatOpenAI({ ...settings, maxTokens: 20, ...asked });
  const messages = (text) => [new HumanMessage(text)];

  async function streamed(model, text) {
    let answer = "";
    for await (const chunk of await model.stream(messages(text))) {
      answer += chunk.text;
    }
    return answer;
  }

  it("chats", async () => {
    const answer = await chat().invoke(messages(QUESTION));

    assert.ok(answer.content.startsWith(NOTICE));
    assert.equal(answer.usage_metadata.output_tokens, 20);
  });

  it("streams", async () => {
    assert.equal(await streamed(chat(), QUESTION), (await chat().invoke(messages(QUESTION))).content);
  });

  for (const useResponsesApi of [false, true]) {
    it(`calls tools, whole and streamed, ${useResponsesApi ? "responses" : "chat"}`, async () => {
      const weather = tool(({ city }) => `rain in ${city}`, { name: "weather", schema: Place });
      const model = chat({ maxTokens: 99, useResponsesApi }).bindTools([weather]);
      const question = messages("Will it rain? simulate(tool)");

      const whole = await model.invoke(question);
      let streamed;
      for await (const chunk of await model.stream(question)) {
        streamed = streamed === undefined ? chunk : streamed.concat(chunk);
      }

      for (const answer of [whole, streamed]) {
        assert.equal(answer.tool_calls.length, 1);
        assert.equal(await weather.invoke(answer.tool_calls[0].args), "rain in simulated");
      }
    });
  }

  it("answers by a schema", async () => {
    const model = chat({ maxTokens: 99 }).withStructuredOutput(Place, { method: "jsonSchema" });

    assert.deepEqual(await model.invoke(messages("Where?")), CITY);
  });

  it("speaks the responses API, whole and streamed", async () => {
    const model = chat({ useResponsesApi: true });

    const answer = await model.invoke(messages(QUESTION));

    assert.ok(answer.text.startsWith(NOTICE));
    assert.equal(await streamed(model, QUESTION), answer.text);
  });

  it("embeds in base64 unless told otherwise", async () => {
    const usual = await new OpenAIEmbeddings(settings).embedQuery("a mill race");
    const floats = await new OpenAIEmbeddings({ ...settings, encodingFormat: "float" }).embedQuery("a mill race");

    assert.equal(usual.length, 1_536);
    assert.deepEqual(usual, floats.map(Math.fround));
  });

  it("sees errors as its own", async () => {
    const ask = (asked) => chat(asked).invoke(messages(QUESTION));
    const sees = (status, words) => (error) => error.status === status && error.message.includes(words);

    await assert.rejects(ask({ model: "gpt-9" }), sees(404, "gpt-9"));
    await assert.rejects(ask({ apiKey: "sk-wrong" }), sees(401, "not valid at this hub"));
    await assert.rejects(ask({ n: 2 }), sees(400, "'n'"));
    await whileTaken(() => assert.rejects(ask({ apiKey: HASTY_KEY }), sees(429, "requests at once")));
  });

  it("tries again when it was asked to, and not before", async () => {
    const hasty = (fetch) => chat({ apiKey: HASTY_KEY, maxRetries: 1, configuration: { baseURL: HUB, fetch } });

    const whole = await refusedOnce((fetch) => hasty(fetch).invoke(messages(QUESTION)));
    const text = await refusedOnce((fetch) => streamed(hasty(fetch), QUESTION));

    assert.ok(whole.content.startsWith(NOTICE));
    assert.equal(text, whole.content);
  });

  it("sees a stream that breaks as an error", async () => {
    await assert.rejects(streamed(chat({ model: LONE_MODEL }), "simulate(cut=3)"));
    await assert.rejects(streamed(chat({ model: LONE_MODEL }), "simulate(error=3)"));
  });

  it("sees the whole of a stream that breaks at home", async () => {
    const usual = (await chat().invoke(messages(QUESTION))).content;

    await failNext("cut=3");

    assert.equal(await streamed(chat(), QUESTION), usual);
    assert.deepEqual(await rescue(), { failures: 1, continuations: 1 });
  });
});
