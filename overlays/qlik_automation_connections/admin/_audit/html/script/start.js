// Fills the page and attaches all event listeners.
const DELAY = 120;

// Turns the labels of charts into buttons that filter the table.
function wireCharts() {
  for (const label of document.querySelectorAll("[data-filter]")) {
    const { filter, value } = label.dataset;
    const known = [...byId(`filter-${filter}`).options].some((option) => option.value === value);
    if (!known) continue;
    const button = element("button", { type: "button", class: "pick", title: label.title || null }, ...label.childNodes);
    if (label.dir) button.dir = label.dir;
    button.addEventListener("click", () => showOnly(filter, value));
    label.removeAttribute("title");
    label.append(button);
  }
}

function wireTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  prefersDark.addEventListener("change", show);
  show();
}

function wireTable() {
  for (const button of sortButtons) {
    const column = button.dataset.sort;
    button.addEventListener("click", () => sortBy(column, view.column === column && !view.descending));
  }
  let wait = 0;
  byId("filter-text").addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(applyFilters, DELAY);
  });
  for (const filter of FILTERS) byId(`filter-${filter}`).addEventListener("change", applyFilters);
  byId("reset").addEventListener("click", () => {
    clearFilters();
    applyFilters();
  });
  for (const button of document.querySelectorAll("[data-page]")) {
    button.addEventListener("click", () => turnPage(button.dataset.page));
  }
  byId("page-size").addEventListener("change", ({ target }) => {
    const first = view.page * view.size;
    view.size = Number(target.value);
    view.page = Math.floor(first / view.size);
    showPage();
  });
}

function wireLinks() {
  addEventListener("hashchange", () => follow(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    // A link to the current hash fires no hashchange event.
    if (link && link.getAttribute("href") === location.hash) follow(location.hash);
  });
}

fillFilters();
fillLists();
wireCharts();
wireTheme();
wireTable();
wireLinks();
addEventListener("beforeprint", beforePrint);
addEventListener("afterprint", afterPrint);
// On return to a page, a browser may have kept the values of fields.
clearFilters();
byId("page-size").value = String(view.size);
byId("with-script").hidden = false;
sortBy(view.column, view.descending);
follow(location.hash);
