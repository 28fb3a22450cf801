// Sentences of findings, put together again, and times in words.
const NAME = 0;
const ID = 1;

const firstValues = [];
{
  const { templates, template } = data.findings;
  const sizes = templates.map((parts) => parts.filter((part) => part === -1).length);
  let first = 0;
  for (const chosen of template) {
    firstValues.push(first);
    first += sizes[chosen];
  }
}

// In the order of `_fields` in embedded.py.
const fieldsOf = (i) => [
  data.names[i], data.ids[i],
  ...FACETS.flatMap((facet) => [entryOf(facet, i)[1], entryOf(facet, i)[0]]),
  data.created[i]?.slice(0, 10), data.updated[i]?.slice(0, 10),
];

// Pairs of a text and the field that it comes from, null for text that is the sentence's own.
function sentenceParts(finding) {
  const i = data.findings.connection[finding];
  const fields = i < 0 ? [] : fieldsOf(i);
  let next = firstValues[finding];
  return data.findings.templates[data.findings.template[finding]].map((part) => {
    if (typeof part === "string") return [part, null];
    return part === -1 ? [data.findings.values[next++], null] : [fields[part], part];
  });
}

const sentence = (finding) => sentenceParts(finding).map(([text]) => text).join("");
const wholeTime = (moment) => `${moment.replace("T", " ")} UTC`;
const number = (value) => value.toLocaleString("en-GB");
const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
