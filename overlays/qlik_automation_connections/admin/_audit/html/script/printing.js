// Printing: every row that matches the filters, up to a limit stated on the page.
function printNote() {
  const set = chosenFilters().map(([filter, value]) => `${filter} “${clipped(value)}”`);
  const by = set.length ? ` Filtered by ${set.join(", ")}.` : "";
  const cut = view.rows.length > PRINTED ? ` Only the first ${number(PRINTED)} are printed.` : "";
  return `${number(view.rows.length)} of ${counted(total, "connection")}.${by}${cut} Findings of other connections are not printed.`;
}

let printing = false;

function beforePrint() {
  if (printing) return;
  printing = true;
  byId("print-note").textContent = printNote();
  showRows(0, PRINTED);
  const printed = new Set(view.rows.slice(0, PRINTED));
  for (const list of lists) {
    const ofFindings = "findings" in list.group.dataset;
    list.print((item) => !ofFindings || printed.has(data.findings.connection[item]) || data.findings.connection[item] < 0);
  }
  const findings = lists.filter(({ group }) => "findings" in group.dataset);
  byId("findings").hidden = findings.length > 0 && findings.every(({ group }) => group.hidden);
}

function afterPrint() {
  if (!printing) return;
  printing = false;
  showPage();
  for (const list of lists) list.restore();
  byId("findings").hidden = false;
}
