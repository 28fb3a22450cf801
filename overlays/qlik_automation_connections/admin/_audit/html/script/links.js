// Links between rows and findings. The target may have to be shown first.
let reached = null;

function reach(target) {
  reached?.classList.remove("reached");
  reached = target;
  target.classList.add("reached");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

function reachConnection(i) {
  let place = view.rows.indexOf(i);
  if (place < 0) {
    clearFilters();
    applyFilters();
    place = view.rows.indexOf(i);
  }
  view.page = Math.floor(place / view.size);
  showPage();
  reach(byId(`connection-${i}`));
}

function reachFinding(finding) {
  const code = codeOf(finding)[0];
  const list = lists.find(({ group }) => group.dataset.findings === code);
  list.group.open = true;
  list.showUpTo(list.items.indexOf(finding) + 1);
  reach(byId(`finding-${finding}`));
}

function follow(hash) {
  const [, kind, digits] = /^#(connection|finding)-(\d+)$/.exec(hash) ?? [];
  const target = Number(digits);
  if (kind === "connection" && target < total) reachConnection(target);
  if (kind === "finding" && target < data.findings.code.length) reachFinding(target);
}
