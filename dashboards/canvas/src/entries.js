// What the menu offers for what was clicked: an element, a group, or the empty paper.
export function entriesFor(engine, item) {
  const { data, state } = engine;
  const { strings } = data;
  const found = [];
  const add = (name, act, text) => found.push({ name, act, text: text || strings[name] });
  const python = (ids) => data.actions.forEach((action) => {
    if (strings[action]) add(action, () => engine.send("menu", { action, ids }));
  });
  if (item.nonempty() && item.isNode()) {
    const chosen = engine.chosen();
    const ids = chosen.length ? chosen : [item.id()];
    const group = engine.groupName(item.id());
    if (group !== null) add(state.opened.has(group) ? "group_close" : "group_open", () => engine.openGroup(group, !state.opened.has(group)));
    else {
      if (data.may_expand) {
        add("expand", () => engine.expand(item.id()));
        add("expand_choose", () => engine.expand(item.id(), true));
      }
      python(engine.real(ids));
    }
    const open = item.parent().nonempty() && engine.groupName(item.parent().id());
    if (open) add("group_close", () => engine.openGroup(open, false));
    const real = engine.real(ids);
    if (data.may_find_paths && real.length === 2) {
      const [a, b] = real;
      add("path", () => engine.send("path", { a, b, avoid_hubs: false }));
      add("path_no_hubs", () => engine.send("path", { a, b, avoid_hubs: true }));
    }
    add("neighbours", () => engine.chooseNeighbours(real));
    if (real.every((id) => state.pinned.has(id))) add("unpin", () => engine.pin(ids, false));
    else add("pin", () => engine.pin(ids, true));
    add("hide", () => engine.hide(ids));
    add("only", () => engine.only(ids));
  } else if (item.nonempty()) {
    const bundle = engine.seen.bundles.get(item.id());
    python(bundle ? bundle.edges : [item.id()]);
  }
  if (!found.length || item.empty()) {
    add("all", () => engine.showAll());
    add("merge", () => engine.toggleMerge());
    add("fit", () => engine.fit());
    add("tidy", () => engine.tidy());
  }
  return found;
}
