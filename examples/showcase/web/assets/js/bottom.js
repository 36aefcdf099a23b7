// The hook Bottom keeps a list that grows at its end scrolled to the end, unless
// somebody has scrolled up to read.
export const Bottom = {
  mounted() {
    const end = () => this.el.scrollHeight - this.el.clientHeight;
    const near = 40; // pixels
    let follows = true;
    this.el.addEventListener("scroll", () => (follows = this.el.scrollTop >= end() - near));
    this.seen = new MutationObserver(() => {
      if (follows) this.el.scrollTop = end();
    });
    this.seen.observe(this.el, { childList: true, subtree: true, characterData: true });
    this.el.scrollTop = end();
  },
  destroyed() {
    this.seen.disconnect();
  },
};
