// Lists connections with Qlik's own client, once for every line on standard input, and prints the seconds.
//
// Its argument is JSON with url, key and connections: the tenant, its key, and how many connections there must be.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import auth from "@qlik/api/auth";
import connections from "@qlik/api/workflows/automation-connections";

const order = JSON.parse(process.argv[2]);
auth.setDefaultHostConfig({ authType: "apikey", host: order.url, apiKey: order.key });

async function list() {
  let page = await connections.getAutomationConnections({ listAll: true });
  let count = page.data.data.length;
  while (page.next) {
    page = await page.next();
    count += page.data.data.length;
  }
  assert.equal(count, order.connections);
}

for await (const _ of createInterface({ input: process.stdin })) {
  // It keeps answers to reads for ten minutes; each listing here has to be the tenant's own.
  connections.clearCache();
  const began = performance.now();
  await list();
  console.log((performance.now() - began) / 1000);
}
