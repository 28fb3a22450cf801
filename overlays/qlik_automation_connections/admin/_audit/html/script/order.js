// The order of rows. Each column is sorted once; after that, only ranks are compared.
const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
const byText = (a, b) => collator.compare(a, b);
const byNumber = (a, b) => a - b;
const byCode = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const STATE_ORDER = { "not-connected": 0, unknown: 1, connected: 2 };

// Rows without a connector or owner come last; their labels are not names to sort by.
const named = (facet) => (i) => {
  const [id, name] = entryOf(facet, i);
  return name || id || (facet === "space" ? UNNAMED.space : null);
};

const COLUMNS = {
  name: [(i) => data.names[i] || null, byText],
  connector: [named("connector"), byText],
  owner: [named("owner"), byText],
  space: [named("space"), byText],
  state: [(i) => STATE_ORDER[stateOf(i)], byNumber],
  created: [(i) => data.created[i], byCode],
  updated: [(i) => data.updated[i], byCode],
  findings: [(i) => findingsOf[i].length, byNumber],
  id: [(i) => data.ids[i], byCode],
};

const ranks = {};

// The rank of every row, the same for equal values; -1 for rows without a value.
function ranksOf(column) {
  if (ranks[column]) return ranks[column];
  const [valueOf, compare] = COLUMNS[column];
  const values = data.ids.map((_, i) => valueOf(i));
  const rows = [...values.keys()].filter((i) => values[i] !== null);
  rows.sort((a, b) => compare(values[a], values[b]));
  const found = new Int32Array(total).fill(-1);
  let rank = 0;
  rows.forEach((i, place) => {
    if (place && compare(values[rows[place - 1]], values[i]) !== 0) rank += 1;
    found[i] = rank;
  });
  ranks[column] = found;
  return found;
}

// All rows in order. Rows without a value are always last; equal rows are sorted by name, then by position in the audit.
function ordered(column, descending) {
  const main = ranksOf(column);
  const names = ranksOf("name");
  const sign = descending ? -1 : 1;
  return [...main.keys()].sort((a, b) => {
    if (main[a] !== main[b]) return main[a] < 0 ? 1 : main[b] < 0 ? -1 : sign * (main[a] - main[b]);
    if (names[a] !== names[b]) return names[a] < 0 ? 1 : names[b] < 0 ? -1 : names[a] - names[b];
    return a - b;
  });
}
