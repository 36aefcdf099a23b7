// The hook Frames lists the last frames, the newest first.
import { el, size } from "./dom.js";
import { watch } from "./wire.js";

const shown = 14;

export const Frames = {
  mounted() {
    const list = el("ol", { class: "frames" });
    this.el.replaceChildren(list);
    this.stop = watch((frame) => {
      list.prepend(row(frame));
      while (list.children.length > shown) list.lastChild.remove();
    });
  },
  destroyed() {
    this.stop();
  },
};

function row(frame) {
  const { dir, at, bytes, text } = frame;
  return el("li", { class: dir },
    el("details", {},
      el("summary", {},
        el("span", { class: "way" }, dir === "out" ? "up" : "down"),
        el("b", {}, title(frame)),
        el("span", { class: "gist" }, gist(frame)),
        el("span", { class: "size" }, size(bytes)),
        el("time", {}, `${(at / 1000).toFixed(2)} s`)),
      el("pre", { tabindex: "0" }, text ? short(text) : "binary")));
}

function title({ event, payload }) {
  if (event === "event") return `event “${payload.event}”`;
  if (event === "phx_reply") return "reply";
  return event ?? "binary";
}

// gist is the part of a frame that one wants to see first.
function gist({ topic, event, payload }) {
  if (event === "event") return JSON.stringify(payload.value);
  if (event === "diff") return JSON.stringify(payload);
  if (event !== "phx_reply") return "";
  const { status, response } = payload;
  if (response?.rendered) return "the whole page, once";
  if (response?.diff) return JSON.stringify(response.diff);
  if (status !== "ok") return status;
  return topic === "phoenix" ? "still here" : "nothing changed";
}

// short takes the middle out of long tokens, which are secrets of the browser
// and nothing to read.
const short = (text) =>
  text.replace(/"([\w.-]{8})[\w.=-]{40,}"/g, (all, start) => `"${start}… (${all.length - 2} characters)"`);
