// Applies the messages of one view with the official client's own Rendered
// class, in the way of its class View, and reports the first one after which
// the page is not the expected one.
//
// It reads one JSON object a line, {"diff": "{…}", "html": "…", "on": [cid, …]},
// where "on" are the components that the page has before; the first one is a
// join, and so are those with "join": true. It ends with one line on standard output, like oracle.mjs. Between
// them stand {"reset": [cid, …]} for components that have left the page, as the
// client then notes, and {"prune": [cid, …]} for those that the server forgot.
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
const touched = new Set(); // by the message at hand
let page = "";
let rendered;
let skips = 0;
let steps = 0;

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
    if (id === undefined) return; // in a component that has come again
    if (skip) {
      skips++;
    } else {
      shown.set(id, own);
      touched.add(id);
    }
    this.html = before + name(id);
  }
}

// tidy forgets elements that stand nowhere any more. Components may stand in an
// item of a stream.
function tidy() {
  const kept = new Set();
  const keep = (id) => {
    if (kept.has(id)) return;
    kept.add(id);
    inner(shown.get(id) ?? "").forEach(keep);
  };
  inner(page).forEach(keep);
  for (const id of shown.keys()) if (id.startsWith("c")) keep(id);
  for (const id of shown.keys()) if (!kept.has(id)) shown.delete(id);
}

// Components in items of streams, by what holds the stream: "" is the page.
const streamed = new Map();

// stripped is what is kept of markup, whose components in streams are noted.
function stripped(owner, html) {
  const rest = withoutStreams(html);
  if (rest !== html) {
    const kept = new Set(inner(rest));
    const all = streamed.get(owner) ?? new Set();
    inner(html).forEach((id) => kept.has(id) || all.add(id));
    streamed.set(owner, all);
  }
  return rest;
}

// within reports whether one component stands in another one on the page.
const within = (cid, other) => under(`c${cid}`, `c${other}`);

function under(wanted, id) {
  const ids = [...inner(shown.get(id) ?? ""), ...(streamed.get(id) ?? [])];
  return ids.some((i) => i === wanted || under(wanted, i));
}

// update does what View.update does.
function update(diff, join, on) {
  if (rendered === undefined || join) {
    shown.clear();
    streamed.clear();
    rendered = new Rendered("phx", diff, () => Page);
    page = rendered.toString().buffer;
    return;
  }
  rendered.mergeDiff(diff);
  if (rendered.isComponentOnlyDiff(diff)) {
    const cids = rendered.componentCIDs(diff).filter((cid) => on.includes(cid));
    for (const cid of cids.filter((c) => !cids.some((o) => o !== c && within(c, o)))) {
      rendered.recursiveCIDToString(rendered.get().c, cid, null);
    }
  } else if (Object.keys(diff).length > 0) {
    page = rendered.toString(rendered.componentCIDs(diff)).buffer;
  }
}

function merge(message) {
  try {
    if (message.reset !== undefined) return void message.reset.forEach((cid) => rendered.resetRender(cid));
    if (message.prune !== undefined) return void rendered.pruneCIDs(message.prune);
    steps++;
    update(Rendered.extract(JSON.parse(message.diff)).diff, message.join, message.on);
    const got = expand(page);
    page = stripped("", page);
    for (const id of touched) shown.set(id, stripped(id, shown.get(id)));
    touched.clear();
    if (steps % 50 === 0) tidy();
    return got === message.html ? undefined : difference(got, message.html);
  } catch (e) {
    return `the client throws ${e.stack.replace(/data:[^:]*:[^:)]*/g, "client")}`;
  }
}

function difference(got, want) {
  let i = 0;
  while (i < got.length && got[i] === want[i]) i++;
  const part = (s) => s.slice(Math.max(0, i - 300), i + 500);
  return `at character ${i} the page shows\n${part(got)}\nwant\n${part(want)}\nthe whole page is\n${got}`;
}

let error;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  error = merge(message);
  if (error) {
    error += `\nafter ${message.diff.slice(0, 4000)}`;
    break;
  }
}
process.stdin.destroy();
process.stdout.write(JSON.stringify({ steps, skips, error }) + "\n");
