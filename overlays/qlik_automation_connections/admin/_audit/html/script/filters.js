// Filters: a row must match all of them.
const FILTERS = ["connector", "owner", "space", "state", "finding", "updated"];
const ANY = "";

// Ignores case, accents and letter forms.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let texts = null;
function textOf(i) {
  texts ??= data.ids.map((id, j) =>
    plain([data.names[j], id, ...FACETS.flatMap((facet) => entryOf(facet, j).slice(0, 2))].filter(Boolean).join("\n")),
  );
  return texts[i];
}

const TESTS = {
  connector: (i, value) => entryOf("connector", i)[2] === value,
  owner: (i, value) => entryOf("owner", i)[2] === value,
  space: (i, value) => entryOf("space", i)[2] === value,
  state: (i, value) => (value === "managed" ? managed.has(i) : stateOf(i) === value),
  finding: (i, value) => {
    if (value === "some") return findingsOf[i].length > 0;
    if (value === "none") return findingsOf[i].length === 0;
    return findingsOf[i].some((finding) => codeOf(finding)[0] === value);
  },
  updated: (i, value) => data.periods[data.period[i]][0] === value,
};

// The choices of a filter: value and label.
function choices(filter) {
  if (filter === "state") return [...Object.entries(STATES), ["managed", "Managed by the service"]];
  if (filter === "updated") return data.periods;
  if (filter === "finding") {
    return [["some", "Any finding"], ["none", "No finding"], ...[...data.findings.codes].sort((a, b) => byText(a[1], b[1]))];
  }
  const { entries } = data[filter];
  const labels = entries.map((found) => [found[2], entryLabel(filter, found)]);
  return labels.sort((a, b) => byText(a[1], b[1]));
}

// Returns a function that counts the connections of a choice. Facets can have thousands, so they are counted in one pass.
function counter(filter) {
  if (!FACETS.includes(filter)) return (value) => data.ids.filter((_, i) => TESTS[filter](i, value)).length;
  const found = new Map();
  data.ids.forEach((_, i) => found.set(entryOf(filter, i)[2], (found.get(entryOf(filter, i)[2]) ?? 0) + 1));
  return (value) => found.get(value) ?? 0;
}

const LONGEST_LABEL = 60;
const clipped = (label) => (label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label);

function fillFilters() {
  for (const filter of FILTERS) {
    const count = counter(filter);
    const options = choices(filter)
      .map(([value, label]) => [value, label, count(value)])
      .filter(([, , times]) => times > 0)
      .map(([value, label, times]) => element("option", { value, dir: "auto" }, `${clipped(label)} (${number(times)})`));
    byId(`filter-${filter}`).append(element("option", { value: ANY }, "Any"), ...options);
  }
}

function clearFilters() {
  byId("filter-text").value = "";
  for (const filter of FILTERS) byId(`filter-${filter}`).value = ANY;
}

// The active filters, as pairs of filter name and choice.
function chosenFilters() {
  const chosen = FILTERS.map((filter) => byId(`filter-${filter}`))
    .filter((select) => select.value !== ANY)
    .map((select) => [
      select.labels[0].firstChild.textContent.toLowerCase(),
      select.selectedOptions[0].textContent.replace(/ \([\d,]+\)$/, ""),
    ]);
  const text = byId("filter-text").value.trim();
  return text ? [["text", text], ...chosen] : chosen;
}

// Returns a function that tests a row against the current filters.
function currentTest() {
  const words = plain(byId("filter-text").value).split(/\s+/).filter(Boolean);
  const chosen = FILTERS.map((filter) => [TESTS[filter], byId(`filter-${filter}`).value]).filter(([, value]) => value !== ANY);
  return (i) => chosen.every(([test, value]) => test(i, value)) && words.every((word) => textOf(i).includes(word));
}
