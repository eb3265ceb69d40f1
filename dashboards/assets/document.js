// The document's language, and Streamlit's own English words that no option reaches.
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
const DAY = /^[A-Z][a-z]+ \d{1,2}, \d{4}$|^\d{4}年\d{1,2}月\d{1,2}日$/;
const MONTH = /^(\d{1,2})(?: – [A-Z][a-z]+|月)$/;
let language = "";
let words = {};
let beginnings = [];
let endings = [];
let watcher = null;

// A day or a month of a date field, written in the document's language; any other text unchanged.
function dated(text) {
  if (DAY.test(text)) {
    const day = new Date(text.replace(/(\d+)年(\d+)月(\d+)日/, "$1/$2/$3"));
    return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(day);
  }
  const month = text.match(MONTH);
  if (!month) return text;
  if (language.startsWith("zh")) return `${month[1]}月`;
  const name = new Intl.DateTimeFormat(language, { month: "long" });
  return `${month[1]} – ${name.format(new Date(2000, month[1] - 1))}`;
}

function said(text) {
  if (words[text]) return words[text];
  const number = text.match(/\d+/);
  const counted = number && words[text.replace(number[0], "#")];
  if (counted) return counted.replace("#", number[0]);
  const found = beginnings.find(([from]) => text.startsWith(from));
  if (found) return found[1] + dated(text.slice(found[0].length));
  const last = endings.find(([from]) => text.endsWith(from));
  if (last) return text.slice(0, -last[0].length) + last[1];
  const day = dated(text);
  return day === text ? null : day;
}

function translateElement(node) {
  for (const name of ATTRIBUTES) {
    const value = node.getAttribute && node.getAttribute(name);
    const word = value && said(value);
    if (word) node.setAttribute(name, word);
  }
}

function translateText(node) {
  const text = node.nodeValue.trim();
  const word = text && said(text);
  if (word) node.nodeValue = node.nodeValue.replace(text, word);
}

function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  translateElement(root);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    else translateElement(node);
  }
}

export default function (component) {
  const { data } = component;
  document.documentElement.lang = language = data.lang;
  words = data.words;
  beginnings = data.beginnings;
  endings = data.endings;
  translate(document.body);
  if (watcher) watcher.disconnect();
  watcher = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") translateElement(change.target);
      else if (change.type === "characterData") translateText(change.target);
      else change.addedNodes.forEach(translate);
    }
  });
  document.documentElement.dataset.dressed = data.lang;
  watcher.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
}
