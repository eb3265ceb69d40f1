// Bars of how many edges are active when, and a brush over them: two handles and the window between.
import { textOf } from "./amounts.js";
import { button, element } from "./dom.js";

const BARS = 96;

export class Timeline {
  constructor(engine) {
    this.engine = engine;
    this.root = element("div", "timeline");
    this.bars = element("canvas", "bars");
    this.window = element("div", "window");
    this.low = element("input", "handle");
    this.high = element("input", "handle");
    this.words = element("span", "span");
    this.track = element("div", "track");
    for (const handle of [this.low, this.high]) {
      handle.type = "range";
      handle.step = 1;
      handle.addEventListener("input", () => this.brushed());
      handle.addEventListener("change", () => engine.endBrush());
    }
    this.low.dataset.tool = "from";
    this.high.dataset.tool = "to";
    this.track.append(this.bars, this.window, this.low, this.high);
    this.window.addEventListener("pointerdown", (event) => this.drag(event));
  }

  dress(data, content) {
    this.days = content.days;
    this.colour = data.looks.theme.muted;
    this.root.hidden = !this.days || this.days[0] === this.days[1];
    if (this.root.hidden) return;
    this.low.setAttribute("aria-label", data.strings.from);
    this.high.setAttribute("aria-label", data.strings.to);
    for (const handle of [this.low, this.high]) [handle.min, handle.max] = this.days;
    const whole = button(data.strings.whole, "tool", () => this.engine.brush(null));
    whole.dataset.tool = "whole";
    this.root.replaceChildren(this.track, this.words, whole);
    this.paint(content);
  }

  paint(content) {
    const [first, last] = this.days;
    const width = last - first + 1;
    const changes = new Int32Array(BARS + 1);
    for (const edge of content.edges.values()) {
      if (edge.first === null || edge.last < first || edge.first > last) continue;
      changes[Math.floor(((Math.max(edge.first, first) - first) * BARS) / width)] += 1;
      changes[Math.floor(((Math.min(edge.last, last) - first) * BARS) / width) + 1] -= 1;
    }
    const heights = [];
    let active = 0;
    for (let at = 0; at < BARS; at += 1) heights.push((active += changes[at]));
    const most = Math.max(...heights, 1);
    this.bars.width = BARS * 6;
    this.bars.height = 40;
    const pen = this.bars.getContext("2d");
    pen.fillStyle = this.colour;
    heights.forEach((height, at) => pen.fillRect(at * 6 + 1, 40 - (height / most) * 38, 4, (height / most) * 38));
  }

  brushed() {
    const a = Number(this.low.value);
    const b = Number(this.high.value);
    this.engine.brush([Math.min(a, b), Math.max(a, b)], true);
  }

  drag(event) {
    const [first, last] = this.days;
    const [from, to] = this.spans();
    const start = event.clientX;
    const scale = (last - first) / this.track.clientWidth;
    this.window.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const by = Math.max(first - from, Math.min(last - to, Math.round((moved.clientX - start) * scale)));
      this.engine.brush([from + by, to + by], true);
    };
    const end = () => {
      this.window.removeEventListener("pointermove", move);
      this.engine.endBrush();
    };
    this.window.addEventListener("pointermove", move);
    this.window.addEventListener("pointerup", end, { once: true });
    this.window.addEventListener("pointercancel", end, { once: true });
  }

  spans() {
    return this.engine.state.span || this.days;
  }

  show() {
    if (this.root.hidden) return;
    const [first, last] = this.days;
    const [from, to] = this.spans();
    this.low.value = from;
    this.high.value = to;
    const part = (day) => ((day - first) / (last - first)) * 100;
    this.window.style.left = `${part(from)}%`;
    this.window.style.width = `${part(to) - part(from)}%`;
    this.words.textContent = `${textOf(from)} \u2013 ${textOf(to)}`;
    for (const [handle, day] of [[this.low, from], [this.high, to]]) handle.setAttribute("aria-valuetext", textOf(day));
  }
}
