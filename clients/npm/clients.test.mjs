// Clients from npm, unchanged but for their base URL, against the hub that NpmClientsIT started.
// HUB is its URL, KEY opens it, FAULTS is where a test says what goes wrong next, and asks how it was mended.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { createOpenAI } from "@ai-sdk/openai";
import { HumanMessage } from "@langchain/core/messages";
import { tool as langChainTool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { APICallError, embed, generateText, Output, streamText, tool } from "ai";
import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError } from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const { HUB, KEY, HASTY_KEY, FAULTS, MODEL, LONE_MODEL } = process.env;
const QUESTION = "Say something.";
const NOTICE = "This answer is simulated.";
const Place = z.object({ city: z.string() });
const CITY = { city: "simulated" };

/** Has the next request to the first choice for MODEL fail. */
async function failNext(fault) {
  const answer = await fetch(FAULTS, { method: "POST", body: fault });
  assert.equal(answer.status, 204);
}

/** How the request that was answered although an attempt failed came to its answer. */
async function rescue() {
  return (await fetch(FAULTS)).json();
}

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

    await assert.rejects(chat(saying(QUESTION, "gpt-9")), NotFoundError);
    await assert.rejects(stranger.models.list(), AuthenticationError);
    await assert.rejects(
      chat({ ...saying(QUESTION), n: 2 }),
      (error) => error instanceof BadRequestError && error.param === "n",
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
    const statuses = [];
    let hanging;
    const watching = async (...request) => {
      const answer = await fetch(...request);
      statuses.push(answer.status);
      if (answer.status === 429) {
        hanging.controller.abort();
      }
      return answer;
    };
    const hasty = new OpenAI({ baseURL: HUB, apiKey: HASTY_KEY, maxRetries: 2, fetch: watching });
    hanging = await hasty.chat.completions.create({ ...saying("simulate(stall=3)", LONE_MODEL), stream: true });
    const begun = performance.now();

    await hasty.chat.completions.create({ ...saying(QUESTION), max_completion_tokens: 9 });

    assert.deepEqual(statuses, [200, 429, 200]);
    assert.ok(performance.now() - begun >= 1_000);
  });
});

for (const api of ["chat", "responses"]) {
  describe(`ai with @ai-sdk/openai, ${api}`, () => {
    const provider = createOpenAI({ baseURL: HUB, apiKey: KEY });
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
      await assert.rejects(
        whole({ model: provider[api]("gpt-9") }),
        (error) => APICallError.isInstance(error) && error.statusCode === 404,
      );
    });

    it("sees a stream that breaks as an error", async () => {
      await assert.rejects(streamed({ model: provider[api](LONE_MODEL), prompt: "simulate(cut=3)" }));
    });

    it("never sees a refusal that another deployment makes good", async () => {
      await failNext("status=503");

      assert.ok((await whole()).text.startsWith(NOTICE));
      assert.deepEqual(await rescue(), { failures: 1, continuations: 0 });
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

describe("@langchain/openai", () => {
  const settings = { model: MODEL, apiKey: KEY, maxRetries: 0, configuration: { baseURL: HUB } };
  const chat = (asked) => new ChatOpenAI({ ...settings, maxTokens: 20, ...asked });
  const messages = (text) => [new HumanMessage(text)];

  async function streamed(model, text) {
    let answer = "";
    for await (const chunk of await model.stream(messages(text))) {
      answer += chunk.content;
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

  it("calls tools", async () => {
    const weather = langChainTool(({ city }) => `rain in ${city}`, { name: "weather", schema: Place });
    const model = chat({ maxTokens: 99 }).bindTools([weather], { tool_choice: "required" });

    const answer = await model.invoke(messages("Will it rain?"));

    assert.equal(await weather.invoke(answer.tool_calls[0].args), "rain in simulated");
  });

  it("answers by a schema", async () => {
    const model = chat({ maxTokens: 99 }).withStructuredOutput(Place, { method: "jsonSchema" });

    assert.deepEqual(await model.invoke(messages("Where?")), CITY);
  });

  it("speaks the responses API", async () => {
    const answer = await chat({ useResponsesApi: true }).invoke(messages(QUESTION));

    assert.ok(answer.text.startsWith(NOTICE));
  });

  it("embeds", async () => {
    const vector = await new OpenAIEmbeddings(settings).embedQuery("a mill race");

    assert.equal(vector.length, 1_536);
  });

  it("sees errors as its own", async () => {
    await assert.rejects(chat({ model: "gpt-9" }).invoke(messages(QUESTION)), { status: 404 });
    await assert.rejects(chat({ apiKey: "sk-wrong" }).invoke(messages(QUESTION)), { status: 401 });
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
