// The row above the picture: what can be done, and n of N.
import { button, element, fill, grouped } from "./dom.js";

export class Toolbar {
  constructor(engine) {
    this.engine = engine;
    this.root = element("div", "tools");
    this.root.setAttribute("role", "toolbar");
  }

  dress(data) {
    const { engine } = this;
    const { strings } = data;
    this.strings = strings;
    const make = (name, act, sign) => {
      const made = button(sign || strings[name], sign ? "tool sign" : "tool", act, strings[name]);
      made.dataset.tool = name;
      return made;
    };
    this.undo = make("undo", () => engine.undo());
    this.redo = make("redo", () => engine.redo());
    this.box = make("box", () => engine.toggleBox());
    this.merge = make("merge", () => engine.toggleMerge());
    this.grouping = element("select", "tool");
    for (const [value, name] of [["", "grouping_none"], ["community", "grouping_community"], ["place", "grouping_place"]]) {
      const option = element("option", "", strings[name]);
      option.value = value;
      this.grouping.append(option);
    }
    this.grouping.setAttribute("aria-label", strings.grouping);
    this.grouping.dataset.tool = "grouping";
    this.grouping.addEventListener("change", () => engine.group(this.grouping.value));
    this.count = element("output", "count");
    this.count.setAttribute("aria-live", "polite");
    const tools = [
      this.undo, this.redo, make("fit", () => engine.fit()), make("zoom_in", () => engine.zoom(1.25), "+"),
      make("zoom_out", () => engine.zoom(0.8), "\u2212"), make("tidy", () => engine.tidy()), this.box, make("all", () => engine.showAll()),
      this.merge, this.grouping,
    ];
    if (data.may_export) tools.push(make("picture", () => engine.picture()));
    this.root.setAttribute("aria-label", strings.label);
    this.root.replaceChildren(this.count, ...tools);
  }

  show({ state, history, seen, content, boxing, selected }) {
    const { strings } = this;
    this.undo.disabled = !history.past.length;
    this.redo.disabled = !history.future.length;
    this.merge.setAttribute("aria-pressed", String(state.merged));
    this.box.setAttribute("aria-pressed", String(boxing));
    this.grouping.value = state.grouping;
    const parts = [
      fill(strings.shown, { n: grouped(seen.shown), total: grouped(content.total) }),
      fill(strings.shown_edges, { n: grouped(seen.shownEdges), total: grouped(content.edges.size) }),
    ];
    if (selected) parts.push(fill(strings.selected, { n: selected }));
    this.count.textContent = parts.join(" · ");
  }
}
