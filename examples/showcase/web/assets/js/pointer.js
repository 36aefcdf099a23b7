// The hook Pointer tells where the pointer is in its element, in thousandths
// across and down: by mouse, finger and arrow keys. The first element in it is
// the page's own pointer, which is drawn here, without waiting for the server.
const pause = 40; // milliseconds between two messages
const most = 4; // messages without an answer: a slow line gets fewer of them
const side = 1000;

export const Pointer = {
  mounted() {
    const own = this.el.firstElementChild;
    const within = (n) => Math.min(side, Math.max(0, Math.round(n)));
    let at = null;
    let told = null;
    let waiting = 0;
    let timer = 0;

    const same = (a, b) => a === b || (a && b && a.x === b.x && a.y === b.y);
    const tell = () => {
      timer = 0;
      if (same(at, told) || waiting >= most) return;
      told = at;
      waiting++;
      const done = () => (waiting = Math.max(0, waiting - 1));
      // Without a line nothing is told; reconnected tells where it is by then.
      this.pushEvent(at ? "move" : "leave", at ?? {}).then(() => (done(), soon()), done);
      soon();
    };
    const soon = () => {
      if (!timer && !same(at, told)) timer = setTimeout(tell, told === null && waiting === 0 ? 0 : pause);
    };
    const move = (to, hidden) => {
      at = to;
      own.hidden = !to || hidden;
      if (to) own.style.translate = `${to.x / 10}cqw ${to.y / 10}cqh`;
      soon();
    };
    const on = (name, f) => this.el.addEventListener(name, f);
    const track = (e) => {
      const box = this.el.getBoundingClientRect();
      // A mouse has an arrow of its own already.
      move(
        { x: within(((e.clientX - box.left) / box.width) * side), y: within(((e.clientY - box.top) / box.height) * side) },
        e.pointerType === "mouse",
      );
    };
    on("pointerdown", track);
    on("pointermove", track);
    on("pointerleave", (e) => {
      if (e.pointerType === "mouse") move(null);
    });
    on("keydown", (e) => {
      const step = { ArrowLeft: [-20, 0], ArrowRight: [20, 0], ArrowUp: [0, -20], ArrowDown: [0, 20] }[e.key];
      if (!step || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      const from = at ?? { x: side / 2, y: side / 2 };
      move({ x: within(from.x + step[0]), y: within(from.y + step[1]) });
    });

    this.stop = () => clearTimeout(timer);
    this.again = () => {
      told = null; // a fresh view knows of nothing
      waiting = 0;
      soon();
    };
  },
  reconnected() {
    this.again();
  },
  destroyed() {
    this.stop();
  },
};
