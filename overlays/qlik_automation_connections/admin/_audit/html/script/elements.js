// Texts: sentences of findings, times, numbers.
const sentence = (finding) => data.findings.sentences[data.findings.sentence[finding]];
const wholeTime = (moment) => `${moment.replace("T", " ")} UTC`;
const number = (value) => value.toLocaleString("en-GB");
const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
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

// Not `navigator.clipboard`, which a page on a plain HTTP share lacks.
function copy(text, said) {
  const write = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", write, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", write);
  byId("copied").textContent = done ? `Copied ${said}.` : "The browser didn't copy.";
}

function copyButton(id) {
  if (!id) return muted("no id");
  const button = element("button", { type: "button", class: "id", title: `Copy ${id}`, dir: "ltr" }, id);
  button.addEventListener("click", () => copy(id, id));
  return button;
}

const nameOf = (name, id) =>
  name ? element("bdi", { class: "name", title: name }, name) : element("span", {}, muted("No name "), shortId(id));

function entry(facet, i) {
  const [id, name] = entryOf(facet, i);
  if (name) return element("span", { class: "name", dir: "auto", title: id ? `${name} (${id})` : name }, name);
  return id ? shortId(id) : muted(UNNAMED[facet]);
}

const time = (moment) =>
  moment ? element("time", { datetime: `${moment}Z`, title: wholeTime(moment) }, moment.slice(0, 10)) : muted("unknown");
