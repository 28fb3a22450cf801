// The lists of findings and changes, shown in parts.
const PART = 50;
const lists = [];

class List {
  constructor(group, items, draw) {
    Object.assign(this, { group, items, draw, shown: 0 });
    this.count = group.querySelector(".count");
    this.list = element("ul");
    this.more = element("button", { type: "button", class: "more" });
    this.more.addEventListener("click", () => {
      const next = this.shown;
      this.showUpTo(this.shown + 4 * PART);
      this.list.children[next].focus();
    });
    group.append(this.list, this.more);
    this.showUpTo(PART);
  }

  showUpTo(count) {
    const end = Math.min(count, this.items.length);
    if (end > this.shown) {
      this.list.append(...this.items.slice(this.shown, end).map(this.draw));
      this.shown = end;
    }
    const rest = this.items.length - this.shown;
    this.more.hidden = rest === 0;
    this.more.textContent = `Show more (${number(rest)} left)`;
  }

  // Shows all items to print, and their number; `restore` undoes it.
  print(keep) {
    this.before = [this.shown, this.group.open, this.count.textContent];
    const kept = this.items.filter(keep);
    if (kept.length < this.items.length) this.count.textContent = `${number(kept.length)} of ${number(this.items.length)}`;
    this.group.hidden = kept.length === 0;
    this.list.replaceChildren(...kept.slice(0, PRINTED).map(this.draw));
    if (kept.length > PRINTED) this.list.append(element("li", {}, `${number(kept.length - PRINTED)} more are not printed.`));
    this.group.open = true;
  }

  restore() {
    if (!this.before) return;
    const [shown, open, count] = this.before;
    this.before = null;
    this.count.textContent = count;
    this.group.hidden = false;
    this.list.replaceChildren();
    this.shown = 0;
    this.showUpTo(shown);
    this.group.open = open;
  }
}

function findingItem(finding) {
  const i = data.findings.connection[finding];
  const item = element("li", { id: `finding-${finding}`, tabindex: "-1" });
  const severity = severityOf(finding);
  item.append(element("span", { class: `tag ${severity}` }, severity), " ");
  if (i >= 0) item.append(element("a", { href: `#connection-${i}` }, nameOf(data.names[i], data.ids[i])), ": ");
  item.append(element("span", { class: "said", dir: "auto" }, sentence(finding)));
  return item;
}

function changedValue(kind, value) {
  const facet = { changed_owner: "owner", changed_space: "space" }[kind];
  if (value && facet) {
    const name = nameById(facet, value);
    return name ? element("bdi", { class: "name", title: `${name} (${value})` }, name) : shortId(value);
  }
  if (value) return element("bdi", { class: "name" }, value);
  return muted(kind === "changed_space" ? UNNAMED.space : "none");
}

function changeItem(kind) {
  return (change) => {
    const i = change.connection;
    const known = i !== null;
    const { id, name } = change;
    const shown = nameOf(name, id);
    const item = element("li", { tabindex: "-1" }, known ? element("a", { href: `#connection-${i}` }, shown) : shown);
    if (!known && name) item.append(" ", shortId(id));
    if ("after" in change) {
      item.append(": ", changedValue(kind, change.before), " → ", changedValue(kind, change.after));
    }
    return item;
  };
}

function fillLists() {
  for (const group of document.querySelectorAll("[data-findings]")) {
    const code = group.dataset.findings;
    const button = element("button", { type: "button", class: "show" }, "Show these connections in the table");
    button.addEventListener("click", () => showOnly("finding", `code:${code}`));
    group.append(button);
    lists.push(new List(group, findingsByCode.get(code), findingItem));
  }
  for (const group of document.querySelectorAll("[data-changes]")) {
    const kind = group.dataset.changes;
    lists.push(new List(group, data.changes[kind], changeItem(kind)));
  }
}
