// The hook Receipt fills in what the page has cost: each element in it with the
// attribute data-cost is one entry.
import { el, size } from "./dom.js";
import { diffOf, joinOf, watch } from "./wire.js";

export const Receipt = {
  mounted() {
    const show = (name, text) => {
      const entry = this.el.querySelector(`[data-cost="${name}"]`);
      entry.replaceChildren(el("span", { class: "new" }, text));
    };
    const [page] = performance.getEntriesByType("navigation");
    if (page?.decodedBodySize) show("page", size(page.decodedBodySize));

    this.stop = watch((frame) => {
      const diff = diffOf(frame);
      if (joinOf(frame)) show("join", size(frame.bytes));
      if (frame.dir === "out" && frame.event === "event") show("up", size(frame.bytes));
      if (diff) {
        show("down", size(frame.bytes));
        show("diff", JSON.stringify({ diff }));
      }
    });
  },
  destroyed() {
    this.stop();
  },
};
