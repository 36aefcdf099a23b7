// Applies the messages of one view with the official client's own Rendered
// class, in the way of its class View, and reports the first one after which
// the page is not the expected one.
//
// It reads one JSON object a line, {"diff": "{…}", "html": "…"}, the first one a
// join, and ends with one line on standard output, like oracle.mjs.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import readline from "node:readline";

globalThis.window = globalThis;
const { Rendered, RenderingBuffer } = await loadClient();

// The package exports only what apps use; see oracle.mjs.
async function loadClient() {
  const main = createRequire(import.meta.url).resolve("phoenix_live_view");
  const source = readFileSync(main.replace(".cjs.js", ".esm.js"), "utf8");
  const module = source + "\nexport { Rendered };\n";
  return import("data:text/javascript;base64," + Buffer.from(module).toString("base64"));
}

// What the page shows of each element that the client tells apart: single
// elements by their id, components by their number. Where one stands in another
// there is only its name, so that each is shown in its latest form.
const shown = new Map();
let page = "";
let rendered;
let skips = 0;

const name = (id) => `\u0001${id}\u0002`;
const inner = (html) => [...html.matchAll(/\u0001(.*?)\u0002/g)].map((m) => m[1]);
const expand = (html) => html.replace(/\u0001(.*?)\u0002/g, (_, id) => expand(shown.get(id)));

// What a message brings for a stream is put into the page by its id and is in
// no later markup. The entries of streams are the elements <s->.
const withoutStreams = (html) => html.replace(/<s- id="[^"]*">.*?<\/s->/gs, "");

class Page extends RenderingBuffer {
  outer = []; // what stands before the roots that are open

  beginRoot() {
    this.outer.push(this.html);
    super.beginRoot();
  }

  endRoot(attrs, skip) {
    const before = this.outer.pop();
    const own = this.html;
    super.endRoot(attrs, skip); // throws when own is not one element
    const cid = attrs["data-phx-component"];
    const id = cid === undefined ? attrs["data-phx-id"] : `c${cid}`;
    if (skip) {
      skips++;
    } else {
      shown.set(id, own);
    }
    this.html = before + name(id);
  }
}

// within reports whether a component stands in another one on the page.
function within(cid, other) {
  return inner(shown.get(`c${other}`) ?? "").some((id) => id === `c${cid}` || under(cid, id));
}

function under(cid, id) {
  return inner(shown.get(id) ?? "").some((i) => i === `c${cid}` || under(cid, i));
}

function onPage(cid) {
  return inner(page).some((id) => id === `c${cid}` || under(cid, id));
}

// update does what View.update does.
function update(diff) {
  if (rendered === undefined) {
    rendered = new Rendered("phx", diff, () => Page);
    page = rendered.toString().buffer;
    return;
  }
  rendered.mergeDiff(diff);
  if (rendered.isComponentOnlyDiff(diff)) {
    const cids = rendered.componentCIDs(diff).filter(onPage);
    for (const cid of cids.filter((c) => !cids.some((o) => o !== c && within(c, o)))) {
      rendered.recursiveCIDToString(rendered.get().c, cid, null);
    }
  } else if (Object.keys(diff).length > 0) {
    page = rendered.toString(rendered.componentCIDs(diff)).buffer;
  }
}

function merge(message) {
  try {
    update(Rendered.extract(JSON.parse(message.diff)).diff);
    const got = expand(page);
    page = withoutStreams(page);
    for (const [id, html] of shown) shown.set(id, withoutStreams(html));
    return got === message.html ? undefined : `the page shows\n${got}\nwant\n${message.html}`;
  } catch (e) {
    return `the client throws ${e.stack.replace(/data:[^:]*:[^:)]*/g, "client")}`;
  }
}

let steps = 0;
let error;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  steps++;
  error = merge(message);
  if (error) {
    error += `\nafter ${message.diff.slice(0, 4000)}`;
    break;
  }
}
process.stdin.destroy();
process.stdout.write(JSON.stringify({ steps, skips, error }) + "\n");
