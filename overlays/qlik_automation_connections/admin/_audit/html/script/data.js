// The data, and functions to read it.
const data = JSON.parse(document.getElementById("data").textContent);
const total = data.ids.length;
const managed = new Set(data.managed);
const UNNAMED = data.unnamed;
const FACETS = Object.keys(UNNAMED);
const STATES = data.states;

const stateOf = (i) => (data.connected[i] === null ? "unknown" : data.connected[i] ? "yes" : "no");
const entryOf = (facet, i) => data[facet].entries[data[facet].column[i]];
const nameById = (facet, id) => data[facet].entries.find(([known, name]) => known === id && name)?.[1];
const entryLabel = (facet, [id, name]) => name || id || UNNAMED[facet];

const findingsOf = Array.from({ length: total }, () => []);
data.findings.connection.forEach((i, finding) => i >= 0 && findingsOf[i].push(finding));
const codeOf = (finding) => data.findings.codes[data.findings.code[finding]];
const severityOf = (finding) => data.findings.severities[data.findings.severity[finding]];
const findingsByCode = new Map(data.findings.codes.map(([code]) => [code, []]));
data.findings.code.forEach((_, finding) => findingsByCode.get(codeOf(finding)[0]).push(finding));
