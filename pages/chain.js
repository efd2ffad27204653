// Draws the columns of a chain. Everything that a document says is set as text.
export default function ({ data, parentElement }) {
  const make = (name, look, text) => {
    const one = document.createElement(name);
    if (look) one.className = look;
    if (text) one.textContent = text;
    return one;
  };
  const chain = make("div", "chain");
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lines.setAttribute("aria-hidden", "true");
  chain.append(lines);
  const cards = {};
  for (const column of data.columns) {
    const box = make("section", "column");
    const body = make("div");
    for (const node of column.nodes) {
      const card = make("a", node.here ? "pt-go here" : "pt-go");
      card.href = "trace?task=" + encodeURIComponent(node.ref);
      card.title = node.title + "\n" + node.place;
      const place = make("small");
      for (const sign of node.signs) place.append(make("span", "sign", sign));
      place.append(node.place);
      card.append(make("b", "", node.title), place);
      if (node.grade) card.append(make("small", "score", { 3: "●●● 落实", 2: "●●○ 部分落实" }[node.grade] + "　" + node.score));
      if (node.here) card.setAttribute("aria-current", "true");
      cards[node.ref] = card;
      body.append(card);
    }
    box.append(make("header", "", column.name), body);
    chain.append(box);
  }
  const here = data.columns.flatMap((column) => column.nodes).find((node) => node.here).ref;
  const join = () => {
    const origin = chain.getBoundingClientRect();
    lines.replaceChildren();
    for (const edge of data.edges) {
      const upper = cards[edge.upper].getBoundingClientRect();
      const lower = cards[edge.lower].getBoundingClientRect();
      const [x1, y1] = [upper.right - origin.left, upper.top + upper.height / 2 - origin.top];
      const [x2, y2] = [lower.left - origin.left, lower.top + lower.height / 2 - origin.top];
      const bend = Math.max(24, (x2 - x1) / 2);
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`);
      path.setAttribute("class", [edge.grade === 3 ? "" : "part", [edge.upper, edge.lower].includes(here) ? "direct" : ""].join(" "));
      lines.append(path);
    }
  };
  parentElement.querySelector(".chain")?.remove();
  parentElement.append(chain);
  const watch = new ResizeObserver(join);
  watch.observe(chain);
  join();
  return () => watch.disconnect();
}
