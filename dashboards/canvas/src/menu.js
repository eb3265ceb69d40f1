// The menu on the right button or the menu key, and the question before a flood. Both by keyboard too.
import { button, element, fill, grouped, labelled } from "./dom.js";

export class Menu {
  constructor(stage) {
    this.root = element("div", "menu");
    this.root.setAttribute("role", "menu");
    this.root.hidden = true;
    this.stage = stage;
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  // entries: [{name, text, act}]; x and y within the stage.
  open(entries, x, y, label) {
    this.before = this.stage.getRootNode().activeElement;
    this.root.setAttribute("aria-label", label);
    this.root.replaceChildren(...entries.map(({ name, text, act }) => {
      const made = button(text, "item", () => { this.close(); act(); });
      made.setAttribute("role", "menuitem");
      made.dataset.action = name;
      return made;
    }));
    this.root.hidden = false;
    const { clientWidth, clientHeight } = this.stage;
    this.root.style.left = `${Math.max(0, Math.min(x, clientWidth - this.root.offsetWidth - 4))}px`;
    this.root.style.top = `${Math.max(0, Math.min(y, clientHeight - this.root.offsetHeight - 4))}px`;
    if (entries.length) this.root.firstChild.focus({ preventScroll: true });
  }

  close() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    if (this.before && this.before.focus) this.before.focus({ preventScroll: true });
  }

  key(event) {
    const items = [...this.root.children];
    const at = items.indexOf(this.root.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length].focus({ preventScroll: true });
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export class FloodQuestion {
  constructor(stage) {
    this.root = element("form", "flood");
    this.root.setAttribute("role", "dialog");
    this.root.hidden = true;
    this.stage = stage;
    this.root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    });
  }

  // missing: {kind: number} or null where unknown; `answer` gets the request without its id.
  ask(data, missing, answer) {
    const { strings, looks, flood } = data;
    const counted = missing || Object.fromEntries(Object.keys(looks.edges).map((kind) => [kind, null]));
    const total = Object.values(counted).reduce((sum, number) => sum + (number || 0), 0);
    const said = missing ? fill(strings.flood, { n: grouped(total) }) : strings.flood_unknown;
    const kinds = Object.entries(counted).map(([kind, number]) => {
      const box = element("input");
      box.type = "checkbox";
      box.checked = true;
      box.value = kind;
      const word = (looks.edges[kind] || { word: kind }).word;
      const label = element("label", "kind");
      label.append(box, element("span", "", number === null ? word : `${word} (${grouped(number)})`));
      return label;
    });
    const from = element("input");
    const to = element("input");
    from.type = "date";
    to.type = "date";
    const limit = element("input");
    Object.assign(limit, { type: "number", min: 1, max: 500, value: flood });
    const fund = element("input");
    fund.type = "checkbox";
    fund.checked = true;
    const go = element("button", "tool go", strings.go);
    go.type = "submit";
    const ends = element("div", "ends");
    ends.append(go, button(strings.cancel, "tool", () => this.close()));
    const money = element("label", "kind");
    money.append(fund, element("span", "", strings.by_fund));
    this.root.setAttribute("aria-label", strings.expand);
    this.root.replaceChildren(element("p", "", said), ...kinds, labelled(strings.from, from), labelled(strings.to, to), labelled(strings.limit, limit), money, ends);
    this.root.onsubmit = (event) => {
      event.preventDefault();
      const chosen = kinds.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
      this.close();
      if (!chosen.length) return;
      answer({ kinds: chosen, limit: Math.max(1, Math.min(500, Number(limit.value) || flood)), first: from.value || null, last: to.value || null, by_fund: fund.checked });
    };
    this.root.hidden = false;
    go.focus({ preventScroll: true });
  }

  close() {
    this.root.hidden = true;
    this.stage.focus({ preventScroll: true });
  }
}
