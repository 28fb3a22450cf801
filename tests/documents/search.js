// Asks the search of a built site: node search.js SITE, with a JSON list of queries on standard input. It prints, for each,
// where its first hit leads. The site's own worker does the work; the messages are those of the site's own script.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const site = process.argv[2];
const workers = path.join(site, "assets", "javascripts", "workers");
const code = fs.readFileSync(path.join(workers, fs.readdirSync(workers).find((name) => name.startsWith("search."))), "utf8");
const index = JSON.parse(fs.readFileSync(path.join(site, "search.json"), "utf8"));
// A new object each time: the worker writes into it.
const filter = () => ({input: {type: "operator", data: {operator: "and", operands: []}}, aggregation: {input: []}});

const self = {};
const ask = (message) => new Promise((resolve) => {
  self.postMessage = resolve;
  self.onmessage({data: message});
});

async function main() {
  vm.runInNewContext(code, {self, Intl});
  await ask({type: 0, data: index});
  const found = {};
  for (const query of JSON.parse(fs.readFileSync(0, "utf8"))) {
    const [first] = (await ask({type: 2, data: {input: query, filter: filter()}})).data.items;
    found[query] = first ? index.items[first.id].location : null;
  }
  console.log(JSON.stringify(found));
}

main();
