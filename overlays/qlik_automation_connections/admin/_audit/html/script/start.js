// Fills the page and attaches all event listeners.
const DELAY = 120;

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

// What a person chose belongs in the address.
function chosen() {
  applyFilters();
  writeAddress();
}

function wireTable() {
  for (const button of sortButtons) {
    const column = button.dataset.sort;
    button.addEventListener("click", () => {
      setOrder(column, view.column === column && !view.descending);
      chosen();
    });
  }
  let wait = 0;
  byId("filter-text").addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(chosen, DELAY);
  });
  for (const filter of FILTERS) byId(`filter-${filter}`).addEventListener("change", chosen);
  byId("reset").addEventListener("click", () => {
    clearFilters();
    chosen();
  });
  byId("copy-ids").addEventListener("click", () => {
    const ids = view.rows.map((i) => data.ids[i]).filter(Boolean);
    copy(ids.join("\n"), counted(ids.length, "id"));
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
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    // A link to the current hash fires no hashchange event.
    if (event.target.closest?.("a")?.hash === location.hash) follow();
  });
}

fillFilters();
wireTheme();
wireTable();
wireLinks();
addEventListener("beforeprint", beforePrint);
addEventListener("afterprint", showPage);
byId("page-size").value = String(view.size);
byId("print-table").checked = false;
byId("with-script").hidden = false;
// On return to a page, a browser may have kept the values of fields; the address is what counts.
readAddress();
follow();
