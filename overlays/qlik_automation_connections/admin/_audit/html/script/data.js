// The data, and functions to read it.
const data = JSON.parse(document.getElementById("data").textContent);
const total = data.ids.length;
const managed = new Set(data.managed);
const UNNAMED = data.unnamed;
const FACETS = Object.keys(UNNAMED);
const STATES = data.states;

const stateOf = (i) => (data.connected[i] === null ? "unknown" : data.connected[i] ? "connected" : "not-connected");
const entryOf = (facet, i) => data[facet].entries[data[facet].column[i]];
const entryLabel = (facet, [id, name]) => name || id || UNNAMED[facet];

const findingsOf = Array.from({ length: total }, () => []);
data.findings.connection.forEach((i, finding) => i >= 0 && findingsOf[i].push(finding));
const codeOf = (finding) => data.findings.codes[data.findings.code[finding]];
const severityOf = (finding) => data.findings.severities[data.findings.severity[finding]];
