// Texts: sentences of findings, times, numbers.
const sentence = (finding) => data.findings.sentences[data.findings.sentence[finding]];
const wholeTime = (moment) => `${moment.replace("T", " ")} UTC`;
const number = (value) => value.toLocaleString("en-GB");
const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
