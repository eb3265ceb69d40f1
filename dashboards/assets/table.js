// A plain table. Everything from outside goes in by textContent, never as markup.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

function plainClick(event) {
  return !(event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0);
}

function fillCell(cell, value, row, first, open) {
  const content = typeof value === "object" && value !== null ? value : { text: value };
  const target = content.href || (first ? row.href : "");
  const line = target ? element("a", "open") : element("span", "line");
  if (target) line.setAttribute("href", target);
  if (content.href) {
    line.addEventListener("click", (event) => {
      if (!plainClick(event)) return;
      event.preventDefault();
      event.stopPropagation();
      open(content.opens);
    });
  }
  if (content.tags) {
    for (const tag of content.tags) line.append(element("span", `tag ${tag.tone || ""}`, tag.text));
  } else {
    line.textContent = content.text ?? "";
  }
  if (content.hint) cell.title = content.hint;
  cell.append(line);
  if (content.sub) cell.append(element("span", "sub", content.sub));
  if (typeof content.bar === "number") {
    const bar = element("span", "bar");
    const fill = element("span", "fill");
    fill.style.width = `${Math.max(1, Math.round(content.bar * 100))}%`;
    bar.append(fill);
    cell.append(bar);
  }
  if (typeof content.lean === "number") {
    const bar = element("span", "bar lean");
    const fill = element("span", "fill");
    fill.style.width = `${Math.max(1, Math.round(Math.abs(content.lean) * 50))}%`;
    fill.style[content.lean < 0 ? "right" : "left"] = "50%";
    bar.append(fill);
    cell.append(bar);
  }
}

function buildHead(columns) {
  const head = element("thead");
  const line = element("tr");
  for (const column of columns) {
    const cell = element("th", column.align || "left", column.label);
    cell.scope = "col";
    if (column.unit) cell.append(element("span", "sub", column.unit));
    line.append(cell);
  }
  head.append(line);
  return head;
}

function buildBody(data, open) {
  const body = element("tbody");
  for (const row of data.rows) {
    const line = element("tr", `${row.href ? "clickable" : ""} ${row.tone || ""}`);
    data.columns.forEach((column, place) => {
      const cell = element("td", `${column.align || "left"} ${column.kind || ""}`);
      fillCell(cell, row.cells[place], row, place === data.link, open);
      line.append(cell);
    });
    if (row.href) {
      line.addEventListener("click", (event) => {
        if (!plainClick(event)) return;
        event.preventDefault();
        open(row.id);
      });
    }
    body.append(line);
  }
  return body;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const frame = parentElement.querySelector(".frame");
  const table = element("table");
  if (data.caption) table.setAttribute("aria-label", data.caption);
  if (data.columns.some((column) => column.label)) table.append(buildHead(data.columns));
  table.append(buildBody(data, (id) => setTriggerValue("open", id)));
  frame.style.maxHeight = data.height ? `${data.height}px` : "";
  frame.replaceChildren(table);
}
