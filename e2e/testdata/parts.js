// Walks through states of the page parts.Page: clicks something, waits until the
// page is what the server says it has to be, and so on.
(() => {
  const patience = 30_000;

  // What the client adds to a page is no part of what the server draws, and a
  // page drawn without components has none of their numbers.
  const own = (a) => a.name.startsWith("data-phx-") || a.name === "data-cid" || a.name === "phx-target" || (a.name === "class" && a.value === "");

  const plain = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return `<!--${node.data}-->`;
    const attrs = [...node.attributes].filter((a) => !own(a)).map((a) => ` ${a.name}=${JSON.stringify(a.value)}`);
    return `<${node.localName}${attrs.sort().join("")}>${[...node.childNodes].map(plain).join("")}</${node.localName}>`;
  };

  const difference = (step, got, want) => {
    let i = 0;
    while (i < got.length && got[i] === want[i]) i++;
    const part = (s) => s.slice(Math.max(0, i - 300), i + 300);
    return `step ${step}, at character ${i}: the page shows\n${part(got)}\nwant\n${part(want)}`;
  };

  const quiet = () => document.querySelector("[data-phx-main].phx-connected") && !document.querySelector("[data-phx-ref-loading], [data-phx-ref-lock]");
  const frame = () => new Promise((ok) => setTimeout(ok, 1));

  // compare waits until the page is as it has to be.
  const compare = async (step) => {
    let wrong = "the page has not come to rest";
    for (const end = Date.now() + patience; Date.now() < end; ) {
      await frame();
      if (!quiet()) continue;
      const answer = await fetch("/parts/drawn");
      if (!answer.ok) continue; // the view joins again
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      const got = plain(document.querySelector("main"));
      const want = plain(drawn.querySelector("main"));
      if (got === want) return;
      wrong = difference(step, got, want);
    }
    throw new Error(wrong);
  };

  // A small generator of random numbers, so that a seed clicks the same again.
  let state = 1;
  const below = (n) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };

  const click = () => {
    const buttons = document.querySelectorAll("[phx-target]");
    const pick = below(8);
    if (pick < 4 || buttons.length === 0) document.getElementById("change").click();
    else if (pick === 4) document.getElementById("burst").click();
    else buttons[below(buttons.length)].click();
  };

  // walkParts goes from one step to another and returns what is wrong, or "".
  window.walkParts = async (from, to, seed) => {
    if (from === 0) state = seed;
    try {
      await compare(from);
      for (let step = from + 1; step <= to; step++) {
        click();
        await compare(step);
        if (step % 97 === 0) {
          await new Promise((ok) => liveSocket.disconnect(ok));
          liveSocket.connect();
          await compare(step);
        }
      }
      return "";
    } catch (e) {
      return e.message;
    }
  };
})();
