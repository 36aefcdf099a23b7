// A Tailwind plugin for heroicons: class="hero-arrow-right" shows an icon in the
// colour of the text. The endings -solid, -mini and -micro name the other sets.
import fs from "node:fs";
import path from "node:path";
import plugin from "tailwindcss/plugin";

const root = path.join(import.meta.dirname, "../node_modules/heroicons");
const sets = [
  ["", "24/outline", "1.5rem"],
  ["-solid", "24/solid", "1.5rem"],
  ["-mini", "20/solid", "1.25rem"],
  ["-micro", "16/solid", "1rem"],
];

const files = {};
for (const [ending, folder, size] of sets) {
  for (const file of fs.readdirSync(path.join(root, folder))) {
    if (!file.endsWith(".svg")) continue;
    const name = path.basename(file, ".svg") + ending;
    files[name] = { name, size, file: path.join(root, folder, file) };
  }
}

export default plugin(({ matchComponents }) => {
  matchComponents({
    hero: ({ name, size, file }) => {
      const svg = encodeURIComponent(fs.readFileSync(file, "utf8").replace(/\r?\n\s*/g, ""));
      return {
        [`--hero-${name}`]: `url("data:image/svg+xml;utf8,${svg}")`,
        mask: `var(--hero-${name}) no-repeat center / contain`,
        "background-color": "currentColor",
        display: "inline-block",
        "vertical-align": "middle",
        width: size,
        height: size,
      };
    },
  }, { values: files });
});
