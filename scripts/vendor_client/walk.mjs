// Does all operations on automation connections and automations with Qlik's own client, once on each generation of the
// path, and reads connectors, users and spaces.
//
// Reads QLIK_TENANT_URL and QLIK_API_KEY, the key of an administrator. Prints one line per operation and ends with 0
// only if every answer is as expected. Changes nothing but what it makes, and deletes that.

import assert from "node:assert/strict";

import auth from "@qlik/api/auth";
import older from "@qlik/api/automation-connections";
import olderConnectors from "@qlik/api/automation-connectors";
import olderAutomations from "@qlik/api/automations";
import current from "@qlik/api/workflows/automation-connections";
import currentConnectors from "@qlik/api/workflows/automation-connectors";
import currentAutomations from "@qlik/api/workflows/automations";
import spaces from "@qlik/api/spaces";
import users from "@qlik/api/users";

const PAGE_SIZE = 40;
const OTHER_PAGE_SIZE = 150;

// The client keeps answers to reads for ten minutes; each read here has to be the tenant's own answer.
const FRESH = { noCache: true };

// The client tells of deprecated paths on the console, on several of its channels, between the lines that belong there.
const notices = [];
for (const channel of ["debug", "warn"]) {
  const write = console[channel].bind(console);
  console[channel] = (message, ...rest) => {
    if (String(message).includes("API deprecation notice")) notices.push(message);
    else write(message, ...rest);
  };
}

function report(generation, operation, answer, text) {
  console.log(`${generation} ${operation}: ${answer.status}, ${text}`);
}

async function readAll(list, query) {
  const pages = [await list(query, FRESH)];
  // A tenant whose links lead in a circle must end the walk, not keep it going.
  while (pages.at(-1).next && pages.length < 1000) pages.push(await pages.at(-1).next());
  return { pages, last: pages.at(-1), items: pages.flatMap((page) => page.data.data) };
}

async function listAll(connections, limit, sort) {
  const { pages, items } = await readAll(connections.getAutomationConnections, { listAll: true, limit, sort });
  for (const [index, page] of pages.entries()) {
    const last = index === pages.length - 1;
    assert.equal(page.status, 200);
    assert.equal(page.next === undefined, last, "next() is there on every page but the last one");
    assert.equal(page.prev === undefined, index === 0, "prev() is there on every page but the first one");
    if (!last) assert.equal(page.data.data.length, limit);
  }
  assert.equal(new Set(items.map((item) => item.id)).size, items.length, "no connection is listed twice");
  return { pages, items };
}

async function listBackwards(last) {
  const pages = [last];
  while (pages[0].prev && pages.length < 1000) pages.unshift(await pages[0].prev());
  return pages.flatMap((page) => page.data.data);
}

const ids = (items) => items.map((item) => item.id);

// A connection that works and holds a password needs no consent in a browser, so another one like it can be made here.
async function findModel(connections, items) {
  for (const item of items.filter((candidate) => candidate.isConnected)) {
    const { data } = await connections.getAutomationConnection(item.id, FRESH);
    if (data.params.some((param) => param.fieldType === "password")) return data;
  }
  return assert.fail("the tenant holds no working connection with a password");
}

async function fails(call, status) {
  await assert.rejects(call, (error) => {
    assert.equal(error.status, status);
    assert.equal(typeof error.data.errors[0].code, "string");
    assert.equal(typeof error.data.errors[0].title, "string");
    return true;
  });
}

async function walk(generation, connections) {
  const { pages, items } = await listAll(connections, PAGE_SIZE, "-createdAt");
  assert.ok(pages.length > 2, "the tenant holds enough connections to turn pages");
  const times = items.map((item) => item.createdAt);
  assert.deepEqual(times, [...times].sort().reverse());
  assert.deepEqual(ids(await listBackwards(pages.at(-1))), ids(items));
  const larger = await listAll(connections, OTHER_PAGE_SIZE, "-createdAt");
  assert.ok(larger.pages.length < pages.length);
  assert.deepEqual(ids(larger.items), ids(items));
  report(generation, "getAutomationConnections", pages[0], `${items.length} connections on ${pages.length} pages`);

  const model = await findModel(connections, items);
  const values = new Map(
    model.params.map((param) => [param.name, param.paramOptions[0]?.value ?? (param.exampleValue || "pretend")]),
  );
  // Names are unique for an owner and a connector, and a run that was broken off may have left one behind.
  const name = `walk ${generation} ${Date.now()}`;
  const created = await connections.createAutomationConnection({
    name,
    connectorId: model.connectorId,
    params: [...values].map(([param, value]) => ({ name: param, value })),
  });
  const id = created.data.id;
  let deleted = false;
  try {
    assert.equal(created.status, 201);
    assert.equal(created.data.name, name);
    assert.equal(created.data.connectorId, model.connectorId);
    assert.ok(!ids(items).includes(id));
    report(generation, "createAutomationConnection", created, `isConnected ${created.data.isConnected}`);

    const read = await connections.getAutomationConnection(id, FRESH);
    assert.equal(read.status, 200);
    assert.equal(read.data.id, id);
    assert.deepEqual(new Set(read.data.params.map((param) => param.name)), new Set(values.keys()));
    for (const param of read.data.params.filter((candidate) => candidate.fieldType !== "password")) {
      assert.equal(param.value, values.get(param.name));
    }
    report(generation, "getAutomationConnection", read, `${read.data.params.length} params`);

    const changing = read.data.params.find((param) => param.fieldType === "string");
    assert.ok(changing, "the connection has a param to change");
    const updated = await connections.updateAutomationConnection(id, {
      name: `${name}, renamed ✓`,
      params: [{ id: changing.id, value: "changed" }],
    });
    assert.equal(updated.status, 200);
    const reread = await connections.getAutomationConnection(id, FRESH);
    for (const { data } of [updated, reread]) {
      assert.equal(data.name, `${name}, renamed ✓`);
      for (const param of data.params.filter((candidate) => candidate.fieldType !== "password")) {
        assert.equal(param.value, param.id === changing.id ? "changed" : values.get(param.name));
      }
    }
    report(generation, "updateAutomationConnection", updated, "renamed, one param changed");

    const check = await connections.checkAutomationConnection(id);
    assert.equal(check.status, 200);
    assert.equal(check.data.is_connected, true);
    report(generation, "checkAutomationConnection", check, `is_connected ${check.data.is_connected}`);

    const space = items.find((item) => item.spaceId && item.spaceId !== reread.data.spaceId).spaceId;
    const moved = await connections.changeSpaceAutomationConnection(id, { spaceId: space });
    assert.equal(moved.status, 204);
    assert.equal((await connections.getAutomationConnection(id, FRESH)).data.spaceId, space);
    report(generation, "changeSpaceAutomationConnection", moved, "in another space");

    const owner = items.find((item) => item.ownerId !== reread.data.ownerId).ownerId;
    const handed = await connections.changeOwnerAutomationConnection(id, { userId: owner });
    assert.equal(handed.status, 204);
    assert.equal((await connections.getAutomationConnection(id, FRESH)).data.ownerId, owner);
    report(generation, "changeOwnerAutomationConnection", handed, "another user's");

    const now = (await listAll(connections, PAGE_SIZE, "-createdAt")).items;
    assert.deepEqual(new Set(ids(now)), new Set([...ids(items), id]));
    const filter = `name eq ${JSON.stringify(updated.data.name)}`;
    const found = await connections.getAutomationConnections({ listAll: true, filter }, FRESH);
    assert.deepEqual(ids(found.data.data), [id]);

    const gone = await connections.deleteAutomationConnection(id, {});
    deleted = true;
    assert.equal(gone.status, 204);
    await fails(() => connections.getAutomationConnection(id, FRESH), 404);
    assert.deepEqual(ids((await listAll(connections, PAGE_SIZE, "-createdAt")).items), ids(items));
    report(generation, "deleteAutomationConnection", gone, "404 when read again, the list is as it was");
  } finally {
    if (!deleted) {
      await connections
        .deleteAutomationConnection(id, { forced: true })
        .catch((error) => console.error(`connection ${id} is left behind: ${error.message}`));
    }
  }
}

// The older client has no call for a single connector.
async function readNeighbours(generation, connectors, automations) {
  const known = await readAll(connectors.getAutomationConnectors, { limit: 4, sort: "name" });
  const names = new Map(known.items.map((item) => [item.id, item.name]));
  assert.equal(names.size, known.items.length);
  report(generation, "getAutomationConnectors", known.last, `${names.size} connectors`);
  if (connectors.getAutomationConnector) {
    let params = 0;
    let read;
    for (const [id, name] of names) {
      read = await connectors.getAutomationConnector(id, FRESH);
      assert.deepEqual([read.status, read.data.id, read.data.name], [200, id, name]);
      params += read.data.params.length;
    }
    await fails(() => connectors.getAutomationConnector("unknown", FRESH), 404);
    report(generation, "getAutomationConnector", read, `${params} params in all`);
  }

  const listed = await readAll(automations.getAutomations, { limit: 7, listAll: true, sort: "-updatedAt" });
  const times = listed.items.map((item) => item.updatedAt);
  assert.deepEqual(times, [...times].sort().reverse());
  const filter = 'runMode eq "scheduled"';
  const scheduled = await readAll(automations.getAutomations, { listAll: true, filter });
  const wanted = listed.items.filter((item) => item.runMode === "scheduled");
  assert.deepEqual(new Set(ids(scheduled.items)), new Set(ids(wanted)));
  report(generation, "getAutomations", listed.last, `${listed.items.length} automations`);
  // A key reads the automations of its owner alone.
  const [own] = (await readAll(automations.getAutomations, { listAll: false })).items;
  const read = await automations.getAutomation(own.id, FRESH);
  assert.equal(read.status, 200);
  assert.equal(read.data.id, own.id);
  const used = read.data.workspace.blocks.map((block) => block.datasourcetype_guid).filter(Boolean);
  assert.deepEqual(new Set(used), new Set(read.data.connectorIds));
  assert.ok(read.data.connectorIds.every((id) => names.has(id)));
  await fails(() => automations.getAutomation("unknown", FRESH), 404);
  report(generation, "getAutomation", read, `${read.data.workspace.blocks.length} blocks`);
  await changeAutomation(generation, automations, read.data, listed.items);
}

async function changeAutomation(generation, automations, model, items) {
  const block = { datasourcetype_guid: "11111111-1111-4111-8111-111111111111" };
  block.settings = [{ id: "datasource", value: "22222222-2222-4222-8222-222222222222", displayValue: "mail" }];
  const workspace = { blocks: [model.workspace.blocks[0], block, block], variables: [] };
  const schedules = [{ startAt: "2025-03-05 02:00:00", interval: 3600, timezone: "Europe/Oslo" }];
  const name = `walk ${generation} ${Date.now()}`;
  const definition = { name, workspace, schedules, description: "", maxConcurrentRuns: 2 };
  const created = await automations.createAutomation(definition);
  const id = created.data.id;
  const read = async () => (await automations.getAutomation(id, FRESH)).data;
  let deleted = false;
  try {
    assert.equal(created.status, 201);
    for (const data of [created.data, await read()]) {
      assert.deepEqual(data.workspace, workspace);
      assert.deepEqual([data.state, data.schedules[0].interval], ["available", 3600]);
      assert.deepEqual(data.connectorIds, [block.datasourcetype_guid, block.datasourcetype_guid]);
    }
    report(generation, "createAutomation", created, "as it was sent");

    const updated = await automations.updateAutomation(id, { ...definition, name: `${name} ✓`, schedules: [] });
    assert.equal(updated.status, 200);
    for (const data of [updated.data, await read()]) {
      assert.deepEqual([data.name, data.schedules, data.maxConcurrentRuns], [`${name} ✓`, [], 2]);
    }
    report(generation, "updateAutomation", updated, "renamed, without schedules");

    for (const [operation, act, state] of [
      ["disableAutomation", automations.disableAutomation, "disabled"],
      ["enableAutomation", automations.enableAutomation, "available"],
    ]) {
      const done = await act(id);
      assert.equal(done.status, 204);
      assert.equal((await read()).state, state);
      report(generation, operation, done, state);
    }

    const spaceId = items.find((item) => item.spaceId).spaceId;
    const moved = await automations.changeSpaceAutomation(id, { spaceId });
    assert.equal(moved.status, 204);
    assert.equal((await read()).spaceId, spaceId);
    report(generation, "changeSpaceAutomation", moved, "in another space");

    // To the caller again, who may still read it then.
    const handed = await automations.changeOwnerAutomation(id, { userId: updated.data.ownerId });
    assert.equal(handed.status, 204);
    const detached = (await read()).workspace.blocks.flatMap((each) => each.settings.map((setting) => setting.value));
    assert.ok(!detached.includes(block.settings[0].value));
    report(generation, "changeOwnerAutomation", handed, "its connections are detached");

    const gone = await automations.deleteAutomation(id);
    deleted = true;
    assert.equal(gone.status, 204);
    await fails(() => automations.getAutomation(id, FRESH), 404);
    report(generation, "deleteAutomation", gone, "404 when read again");
  } finally {
    if (!deleted) {
      await automations
        .deleteAutomation(id)
        .catch((error) => console.error(`automation ${id} is left behind: ${error.message}`));
    }
  }
}

// Users and spaces have one path.
async function readPeopleAndSpaces() {
  const everybody = await readAll(users.getUsers, { limit: 5, sort: "name" });
  const known = new Map(everybody.items.map((user) => [user.id, user.name]));
  assert.equal(known.size, everybody.items.length);
  report("only", "getUsers", everybody.last, `${known.size} users`);
  const [[id, name]] = known;
  const user = await users.getUser(id, {}, FRESH);
  assert.deepEqual([user.status, user.data.id, user.data.name], [200, id, name]);
  await fails(() => users.getUser("unknown", {}, FRESH), 404);
  report("only", "getUser", user, "by its id");
  const me = await users.getMyUser(FRESH);
  assert.ok(known.has(me.data.id));
  report("only", "getMyUser", me, "the caller");

  const every = await readAll(spaces.getSpaces, { limit: 2 });
  const space = await spaces.getSpace(every.items[0].id, FRESH);
  assert.equal(space.data.name, every.items[0].name);
  await fails(() => spaces.getSpace("unknown", FRESH), 404);
  report("only", "getSpaces", every.last, `${every.items.length} spaces`);
}

const { QLIK_TENANT_URL: host, QLIK_API_KEY: apiKey } = process.env;
if (!host || !apiKey) {
  console.error("QLIK_TENANT_URL and QLIK_API_KEY must be set");
  process.exit(2);
}
// The client takes a host without a scheme for https, one with http:// as it stands.
auth.setDefaultHostConfig({ authType: "apikey", host, apiKey });

await walk("current", current);
await readNeighbours("current", currentConnectors, currentAutomations);
assert.equal(notices.length, 0, "the current path is not called deprecated");
await readPeopleAndSpaces();
await walk("older", older);
await readNeighbours("older", olderConnectors, olderAutomations);
assert.ok(notices.length > 0, "the older path is called deprecated");
