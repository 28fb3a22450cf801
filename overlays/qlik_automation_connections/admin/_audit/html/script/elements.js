// Elements. Text becomes text nodes, so that no name is parsed as HTML.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const byId = (id) => document.getElementById(id);
const muted = (text) => element("span", { class: "none" }, text);
const shortId = (id) => (id ? element("code", { class: "id", title: id, dir: "ltr" }, id) : muted("no id"));

const nameOf = (name, id) =>
  name ? element("bdi", { class: "name", title: name }, name) : element("span", {}, muted("No name "), shortId(id));

function entry(facet, i) {
  const [id, name] = entryOf(facet, i);
  if (name) return element("span", { class: "name", dir: "auto", title: id ? `${name} (${id})` : name }, name);
  return id ? shortId(id) : muted(UNNAMED[facet]);
}

const time = (moment) =>
  moment ? element("time", { datetime: `${moment}Z`, title: wholeTime(moment) }, moment.slice(0, 10)) : muted("unknown");
