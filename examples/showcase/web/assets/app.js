// The page's script: the official client as it comes, connected to this server.
import "phoenix_html";
import { Socket } from "phoenix";
import { LiveSocket } from "phoenix_live_view";
import topbar from "topbar";

import { Bottom } from "./js/bottom.js";
import { Frames } from "./js/frames.js";
import { Pointer } from "./js/pointer.js";
import { Receipt } from "./js/receipt.js";
import { Tree } from "./js/tree.js";
import { decode, encode } from "./js/wire.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;

const liveSocket = new LiveSocket(meta("live-path"), Socket, {
  params: { _csrf_token: meta("csrf-token"), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  longPollFallbackMs: 2500, // where no WebSocket gets through
  hooks: { Bottom, Frames, Pointer, Receipt, Tree },
  encode,
  decode,
});

// A bar across the top while a page is loading, if that takes a while.
topbar.config({ barColors: { 0: "#e2491f" }, shadowColor: "rgba(0, 0, 0, .3)" });
window.addEventListener("phx:page-loading-start", () => topbar.show(300));
window.addEventListener("phx:page-loading-stop", () => topbar.hide());

liveSocket.connect();

// For the console: liveSocket.enableDebug(), liveSocket.enableLatencySim(1000).
window.liveSocket = liveSocket;
