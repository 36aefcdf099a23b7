// Drives a page by long polling with the official client: joins its view, sends
// more clicks at once than fit into one request, and a binary message among
// them, and tells what came back.
//
// Arguments: address of the socket, cookie, CSRF token, topic, join payload,
// number of clicks. It writes one JSON object.
import { LongPoll, Socket } from "phoenix";

const [address, cookie, csrf, topic, payload, clicks] = process.argv.slice(2);

// A browser sends these by itself.
const fetch = globalThis.fetch;
const requests = { GET: 0, POST: 0 };
globalThis.fetch = (url, options) => {
  requests[options.method]++;
  const headers = { ...options.headers, Cookie: cookie, Origin: new URL(address).origin };
  return fetch(url, { ...options, headers });
};

const fail = (what) => (error) => {
  console.log(JSON.stringify({ error: `${what}: ${JSON.stringify(error)}` }));
  process.exit(1);
};
setTimeout(() => fail("nothing more came")(requests), 15000).unref();

const socket = new Socket(address, { transport: LongPoll, params: { _csrf_token: csrf } });
socket.onError(fail("socket"));
socket.connect();
const channel = socket.channel(topic, JSON.parse(payload));
const receive = (push) =>
  new Promise((ok) => push.receive("ok", ok).receive("error", fail("error")).receive("timeout", fail("timeout")));

const joined = await receive(channel.join());
const answers = [];
const all = [];
for (let i = 0; i < Number(clicks); i++) {
  const click = { type: "click", event: "increase", value: { number: "1" } };
  all.push(receive(channel.push("event", click)).then((response) => answers.push(response.diff)));
  if (i === 50) all.push(receive(channel.push("chunk", new Uint8Array([0, 10, 255]).buffer)));
}
await Promise.all(all);
const rtt = await new Promise((ok) => socket.ping(ok));
await receive(channel.leave());
socket.disconnect(() => {
  console.log(JSON.stringify({ version: joined.liveview_version, answers: answers.map(JSON.stringify), requests, rtt }));
  process.exit(0);
});
