// The address: after the `#`, the filters and the order, so that a view survives a reload and can be mailed.
const FIELDS = ["text", ...FILTERS];

const isView = () => location.hash.includes("=");

function writeAddress() {
  const params = new URLSearchParams(FIELDS.map((field) => [field, byId(`filter-${field}`).value]));
  params.set("sort", `${view.descending ? "-" : ""}${view.column}`);
  if (params.get("sort") === SORT) params.delete("sort");
  const filled = new URLSearchParams([...params].filter(([, value]) => value)).toString();
  history.replaceState(null, "", filled ? `#${filled}` : location.href.split("#")[0]);
}

function readAddress() {
  const params = new URLSearchParams(isView() ? location.hash.slice(1) : "");
  for (const field of FIELDS) {
    const input = byId(`filter-${field}`);
    const value = params.get(field) ?? ANY;
    input.value = value;
    // The address may be older than the report, and name an owner who has nothing left.
    if (input.value !== value && field !== "text") {
      input.append(element("option", { value }, `${clipped(value)} (0)`));
      input.value = value;
    }
  }
  const [, minus, column] = /^(-?)(\w+)$/.exec(params.get("sort") ?? SORT) ?? [];
  setOrder(...(Object.hasOwn(COLUMNS, column) ? [column, minus === "-"] : ["findings", true]));
  applyFilters();
}

// Shows the view that the address names, and goes to the table.
function follow() {
  if (location.hash && !isView()) return;
  readAddress();
  if (!isView()) return;
  byId("connections-title").focus({ preventScroll: true });
  byId("connections").scrollIntoView({ block: "start" });
}
