// Tells how long the client takes from a message of the socket to the patched
// page. It has to be there before the client is.
(() => {
  let arrived;
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", () => (arrived = performance.now())); // before the client's own listener
    }
  };

  // touch changes a cell and returns the milliseconds until the page shows it.
  const touch = (n) =>
    new Promise((ok, fail) => {
      const cell = document.querySelector(`tbody tr:nth-child(${((n * 37) % 1000) + 1}) td:nth-child(5)`);
      document.addEventListener(
        "phx:update",
        () => {
          const took = performance.now() - arrived;
          if (cell.textContent !== `touched ${n}`) fail(new Error(`after touch ${n} the cell shows ${cell.textContent}`));
          else setTimeout(() => ok(took)); // the next one begins when all of this one is done
        },
        { once: true },
      );
      document.querySelector("button").click();
    });

  let touches = 0;
  window.measure = async (n) => {
    const times = [];
    for (let i = 0; i < n; i++) times.push(await touch(++touches));
    return times;
  };
})();
