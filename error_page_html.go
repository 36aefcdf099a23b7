package bennu

import "html/template"

// pageStyle is the look of our own pages, light and dark.
const pageStyle template.CSS = `
:root{color-scheme:light dark;--bg:#f7f7f8;--card:#fff;--text:#1f2330;--soft:#5d6473;--line:#e2e4ea;--accent:#c2410c;--mark:#fff1e6;--code:#f2f3f6}
@media (prefers-color-scheme:dark){:root{--bg:#14161c;--card:#1c1f27;--text:#e8eaf0;--soft:#9aa2b3;--line:#2d313c;--accent:#fb923c;--mark:#3a2415;--code:#242833}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--bg);color:var(--text);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--accent)}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.soft{color:var(--soft)}
.small{font-size:.8125rem}
`

// plainTemplate is the page for visitors.
var plainTemplate = template.Must(template.New("error").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Status}} {{.Title}}</title>
<style nonce="{{.Nonce}}">{{.Style}}
body{display:grid;grid-template-columns:minmax(0,40rem);justify-content:center;align-content:center;padding:1.5rem}
main{max-width:40rem;width:100%}
.status{font-size:clamp(4rem,18vw,8rem);font-weight:800;line-height:1;letter-spacing:-.04em;color:var(--accent);margin:0}
h1{font-size:1.75rem;line-height:1.25;margin:.5rem 0}
p{margin:.75rem 0}
.home{display:inline-block;margin:1rem 0;padding:.6rem 1.1rem;border-radius:.6rem;background:var(--accent);color:var(--card);font-weight:600;text-decoration:none}
.home:focus-visible{outline:3px solid var(--text);outline-offset:2px}
section{margin-top:2rem;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem}
td{padding:.2rem 1rem .2rem 0;white-space:nowrap;vertical-align:top}
</style>
</head>
<body>
<main>
<p class="status" aria-hidden="true">{{.Status}}</p>
<h1>{{.Title}}</h1>
<p>{{.Explanation}}</p>
<a class="home" href="{{.Home}}">Go to the front page</a>
{{with .ID}}<p class="soft small">Request <span class="mono">{{.}}</span></p>{{end}}
{{with .Detail}}<section>
<p class="mono small">{{.}}</p>
{{with $.Routes}}<p class="soft small">The routes of this app:</p>
<table class="mono">{{range .}}<tr><td>{{or .Method "any"}}</td><td>{{.Host}}{{.Path}}</td><td class="soft">{{.Handler}}</td></tr>{{end}}</table>{{end}}
<p class="soft small">This box is shown in development only.</p>
</section>{{end}}
</main>
</body>
</html>
`))
