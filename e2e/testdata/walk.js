// Walks through states of the page walk.View: clicks, waits until the client
// has patched the page, and compares the page with one drawn anew.
(() => {
  const patience = 20_000;
  const shown = () => Number(document.querySelector("#walk main").dataset.step);

  // patched is kept once the client has patched the page and it shows a step.
  const patched = (step) =>
    new Promise((ok, fail) => {
      const late = setTimeout(() => fail(new Error(`step ${step} is not shown, but ${shown()}`)), patience);
      const see = () => {
        if (shown() !== step) return;
        clearTimeout(late);
        document.removeEventListener("phx:update", see);
        ok();
      };
      document.addEventListener("phx:update", see);
    });

  // What the client adds to a page is no part of what the server draws, and a
  // browser hides the nonce.
  const own = (a) => a.name === "nonce" || a.name.startsWith("data-phx-") || (a.name === "class" && a.value === "");

  // plain writes an element with its attributes in order. What stands in a
  // field is its value; the client leaves the default text of a textarea alone.
  const plain = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return `<!--${node.data}-->`;
    const attrs = [...node.attributes].filter((a) => !own(a)).map((a) => ` ${a.name}=${JSON.stringify(a.value)}`);
    const field = node.localName === "textarea" || node.localName === "input";
    const inner = field ? `value: ${JSON.stringify(node.value)}` : [...node.childNodes].map(plain).join("");
    return `<${node.localName}${attrs.sort().join("")}>${inner}</${node.localName}>`;
  };

  const difference = (step, got, want) => {
    let i = 0;
    while (i < got.length && got[i] === want[i]) i++;
    const part = (s) => s.slice(Math.max(0, i - 300), i + 300);
    return `step ${step}, at character ${i}: the page shows\n${part(got)}\nwant\n${part(want)}`;
  };

  // compare holds the page against a dead render.
  const compare = async (step) => {
    const text = await (await fetch(location.href)).text();
    const drawn = new DOMParser().parseFromString(text, "text/html");
    const got = plain(document.querySelector("#walk"));
    const want = plain(drawn.querySelector("#walk"));
    if (got !== want) throw new Error(difference(step, got, want));
  };

  const rejoin = async () => {
    await new Promise((ok) => liveSocket.disconnect(ok));
    const done = patched(shown());
    liveSocket.connect();
    await done;
  };

  // walk goes from one step to another and returns what is wrong, or "".
  window.walk = async (from, to) => {
    try {
      await compare(from);
      for (let step = from + 1; step <= to; step++) {
        const done = patched(step);
        document.getElementById("step").click();
        await done;
        await compare(step);
        if (step % 97 === 0) {
          await rejoin();
          await compare(step);
        }
      }
      return "";
    } catch (e) {
      return e.message;
    }
  };
})();
