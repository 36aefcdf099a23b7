// Package assets makes what browsers load of an app: one script, one style
// sheet and the files beside them.
//
// A [Project] is a directory with package.json and its lock, app.js (or
// app.ts), app.css and static/. [Project.Build] leaves the production files in
// its dist/: minified, named by their content, compressed, and listed in
// manifest.json. [Dev] and [Tailwind] keep the development files current and
// stay warm between saves.
//
// Scripts are bundled by esbuild inside this program. Node.js is needed for
// `npm ci` ([Project.Setup]) and, where package.json names @tailwindcss/cli,
// for Tailwind; without it esbuild bundles the style sheet too.
package assets
