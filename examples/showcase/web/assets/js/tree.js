// The hook Tree shows the page as the client holds it: fixed text, which came
// once, and the changing values between, with those of the last diff marked.
import { byteLength, el, size } from "./dom.js";
import { diffOf, joinOf, watch } from "./wire.js";

export const Tree = {
  mounted() {
    let tree;
    let fixed = 0;
    this.stop = watch((frame) => {
      const rendered = joinOf(frame);
      const diff = diffOf(frame);
      if (rendered) {
        tree = resolve(rendered, rendered.p);
        fixed = byteLength(statics(tree));
        this.show(`The answer to the join: ${size(byteLength(rendered))}, of which ${size(fixed)} is fixed text that never travels again.`, "", tree);
      } else if (diff && tree) {
        const update = resolve(diff, diff.p);
        tree = merge(tree, update);
        this.show(`The last diff: ${size(byteLength(diff))}. The ${size(fixed)} of fixed text stayed where it was.`, JSON.stringify(diff), tree, update);
      }
    });
  },
  destroyed() {
    this.stop();
  },
  show(sentence, diff, tree, update) {
    const drawing = el("div", { class: "tree", tabindex: "0", role: "region", "aria-label": "The page's parts" },
      ...parts(tree, update, ""));
    this.el.replaceChildren(el("div", { class: "summary" }, el("p", {}, sentence), el("code", {}, diff)), drawing);
    const changed = drawing.querySelector("[data-changed]");
    if (changed) drawing.scrollTop = changed.offsetTop - drawing.clientHeight / 2;
  },
};

const isNode = (value) => typeof value === "object" && value !== null;
const isSlot = (key) => /^\d+$/.test(key);

// resolve is the tree without its table of shared statics: an s that is a
// number becomes the strings that it stands for.
function resolve(node, shared) {
  if (!isNode(node) || Array.isArray(node)) return node;
  const copy = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "s") copy.s = Array.isArray(value) ? value : shared[value];
    else if (isSlot(key)) copy[key] = resolve(value, shared);
    else if (key === "k") copy.k = value;
  }
  return copy;
}

// merge is what the client does with a diff: a node that brings statics takes
// the place of the old one, any other changes some of its slots.
function merge(old, update) {
  if (!isNode(update) || !isNode(old) || update.s) return update;
  const copy = { ...old };
  for (const [key, value] of Object.entries(update)) {
    copy[key] = isSlot(key) ? merge(old[key], value) : value;
  }
  return copy;
}

function statics(node) {
  if (!isNode(node)) return [];
  const inner = Object.keys(node).filter(isSlot).flatMap((key) => statics(node[key]));
  return [...(node.s ?? []), ...inner];
}

function parts(node, update, path) {
  const out = [];
  node.s?.forEach((text, i) => {
    if (text) out.push(el("span", { class: "still" }, text));
    if (i === node.s.length - 1) return;
    const at = path === "" ? `${i}` : `${path}.${i}`;
    out.push(slot(node[i], isNode(update) ? update[i] : undefined, at));
  });
  return out;
}

function slot(value, update, path) {
  const changed = update !== undefined && (!isNode(update) || update.s !== undefined);
  const attributes = { class: "moving", "data-changed": changed, title: `slot ${path}` };
  if (!isNode(value)) return el("mark", attributes, el("sub", {}, path), String(value));
  if (value.k) return el("mark", attributes, el("sub", {}, path), `a list of ${value.k.kc ?? "some"}`);
  return el("span", { class: "nested", "data-changed": changed }, ...parts(value, update, path));
}
