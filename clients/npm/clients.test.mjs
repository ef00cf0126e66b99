// Clients from npm, unchanged but for their base URL, against the hub that NpmClientsIT started.

import "./openai.mjs";
import "./ai.mjs";
import "./langchain.mjs";
