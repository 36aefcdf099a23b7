// Applies diffs with the official client's own Rendered class and reports the
// first state that differs from the full HTML.
//
// It reads one JSON object a line, {"view": n, "join": bool, "diff": "{…}",
// "html": "…"}, and ends with one line on standard output: {"steps": n, "skips":
// n} or {"steps": n, "error": "…"}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import readline from "node:readline";

globalThis.window = globalThis;
const { Rendered, RenderingBuffer } = await loadClient();

// The package exports only what apps use. Its file for bundlers is one module
// that declares Rendered at the top level, so exporting it takes one line more.
async function loadClient() {
  const main = createRequire(import.meta.url).resolve("phoenix_live_view");
  const source = readFileSync(main.replace(".cjs.js", ".esm.js"), "utf8");
  if (!/^var Rendered = class/m.test(source)) {
    throw new Error(`${main} no longer declares Rendered at its top level`);
  }
  const module = source + "\nexport { Rendered };\n";
  return import("data:text/javascript;base64," + Buffer.from(module).toString("base64"));
}

// Each view has a tree of the client's, and what its page shows of each root
// element, by the id with which the client marks it.
const views = [];
let shown; // of the view that is being patched
let skips = 0;

// Page writes what the page shows after a patch. Where the client leaves an
// element alone and writes only a stub for it, the page keeps what it has.
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
    const id = attrs["data-phx-id"];
    if (skip) {
      skips++;
      this.checkStub(this.html.slice(before.length), own);
    } else {
      shown.set(id, own);
    }
    this.html = before + shown.get(id);
  }

  // Patches find an element by its id; a stub without it would empty it.
  checkStub(stub, own) {
    const id = /^\s*<[^\s>]+(?:[^>]*?)\sid="([^"]*)"/.exec(own);
    if (id && !stub.includes(` id="${id[1]}"`)) {
      throw new Error(`the stub ${stub} lost the id ${id[1]}`);
    }
  }
}

// merge gives a view a message and returns what is wrong then, if anything.
function merge(message) {
  try {
    const { diff, reply } = Rendered.extract(JSON.parse(message.diff));
    if (reply !== null) return `the client reads ${JSON.stringify(reply)} as the reply to an event`;
    if (message.join) {
      views[message.view] = { shown: new Map(), rendered: new Rendered(`phx-${message.view}`, diff, () => Page) };
    } else {
      views[message.view].rendered.mergeDiff(diff);
    }
    const view = views[message.view];
    shown = view.shown;
    const { buffer } = view.rendered.toString();
    const error = buffer === message.html ? undefined : difference(buffer, message.html, view.page);
    view.page = buffer;
    return error;
  } catch (e) {
    return `the client throws ${e.stack.replace(/data:[^:]*:[^:)]*/g, "client")}\n${message.html}`;
  }
}

function difference(got, want, before = "") {
  let i = 0;
  while (i < got.length && got[i] === want[i]) i++;
  const part = (s) => JSON.stringify(s.slice(Math.max(0, i - 150), i + 250));
  return `at character ${i} the page shows\n${part(got)}\nwant\n${part(want)}\nwhere before it showed\n${part(before)}`;
}

let steps = 0;
let error;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  steps++;
  error = merge(message);
  if (error) {
    error += `\nview ${message.view}, diff ${message.diff.slice(0, 4000)}`;
    break;
  }
}
process.stdin.destroy();
process.stdout.write(JSON.stringify({ steps, skips, error }) + "\n");
