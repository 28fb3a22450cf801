// Printing: the table, if asked for, has every row that matches the filters, up to a limit stated on the page.
function printNote() {
  const set = chosenFilters().map(([filter, value]) => `${filter} “${clipped(value)}”`);
  const by = set.length ? ` Filtered by ${set.join(", ")}.` : "";
  const cut = view.rows.length > PRINTED ? ` Only the first ${number(PRINTED)} are printed.` : "";
  return `${number(view.rows.length)} of ${counted(total, "connection")}.${by}${cut}`;
}

function beforePrint() {
  if (!byId("print-table").checked) return;
  byId("print-note").textContent = printNote();
  showRows(0, PRINTED);
}
