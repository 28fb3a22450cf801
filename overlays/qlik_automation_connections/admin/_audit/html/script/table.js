// The table: one page of the rows that match the filters.
const PRINTED = 2000;
const SORT = "-findings";
const view = { column: "findings", descending: true, rows: [], order: [], page: 0, size: 50 };
const body = document.querySelector("#table tbody");
const sortButtons = [...document.querySelectorAll("[data-sort]")];

const pages = () => Math.max(1, Math.ceil(view.rows.length / view.size));

function cell(label, ...children) {
  return element("td", { role: "cell", "data-label": label }, element("span", {}, ...children));
}

function stateCell(i) {
  const state = stateOf(i);
  const told = [element("span", { class: `state ${state}` }, STATES[state])];
  if (managed.has(i)) told.push(" ", element("span", { class: "tag notice" }, "Managed"));
  return cell("State", ...told);
}

function findingsOfRow(i) {
  if (!findingsOf[i].length) return muted("none");
  const tags = findingsOf[i].flatMap((finding) => [element("span", { class: `tag ${severityOf(finding)}` }, codeOf(finding)[1]), " "]);
  const said = findingsOf[i].map((finding) => element("li", { class: "said", dir: "auto" }, sentence(finding)));
  return element("details", {}, element("summary", {}, ...tags), element("ul", {}, ...said));
}

function row(i, place) {
  const name = element("th", { scope: "row", role: "rowheader" }, nameOf(data.names[i], data.ids[i]));
  return element(
    "tr",
    { role: "row", "aria-rowindex": place + 2 },
    name,
    cell("Connector", entry("connector", i)),
    cell("Owner", entry("owner", i)),
    cell("Space", entry("space", i)),
    stateCell(i),
    cell("Created", time(data.created[i])),
    cell("Updated", time(data.updated[i])),
    cell("Findings", findingsOfRow(i)),
    cell("Id", copyButton(data.ids[i])),
  );
}

function showRows(first, last) {
  body.replaceChildren(...view.rows.slice(first, last).map((i, place) => row(i, first + place)));
}

function showPage() {
  view.page = Math.min(Math.max(view.page, 0), pages() - 1);
  showRows(view.page * view.size, (view.page + 1) * view.size);
  byId("page").textContent = `Page ${number(view.page + 1)} of ${number(pages())}`;
  for (const button of document.querySelectorAll("[data-page]")) {
    const back = button.dataset.page === "first" || button.dataset.page === "previous";
    const atEnd = back ? view.page === 0 : view.page === pages() - 1;
    // Not `disabled`, which would take the focus from the pressed button.
    button.setAttribute("aria-disabled", String(atEnd));
  }
}

function applyFilters() {
  view.rows = view.order.filter(currentTest());
  view.page = 0;
  byId("status").textContent = `${number(view.rows.length)} of ${counted(total, "connection")}`;
  byId("empty").hidden = view.rows.length > 0;
  byId("table").setAttribute("aria-rowcount", view.rows.length + 1);
  showPage();
}

function setOrder(column, descending) {
  Object.assign(view, { column, descending, order: ordered(column, descending) });
  for (const button of sortButtons) {
    const heading = button.closest("th");
    if (button.dataset.sort === column) heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    else heading.removeAttribute("aria-sort");
  }
}

function turnPage(to) {
  const target = { first: 0, previous: view.page - 1, next: view.page + 1, last: pages() - 1 }[to];
  if (target < 0 || target >= pages() || target === view.page) return;
  view.page = target;
  showPage();
  byId("status").scrollIntoView({ block: "start" });
}
