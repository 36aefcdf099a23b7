package bennu

import "html/template"

// debugTemplate is the page of development.
var debugTemplate = template.Must(template.New("debug").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style nonce="{{.Nonce}}">{{.Style}}
body{padding:0 0 3rem}
header,main{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.4rem;line-height:1.3;margin:.25rem 0;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2rem 0 .5rem}
.badge{display:inline-block;padding:.1rem .6rem;border-radius:1rem;background:var(--accent);color:var(--card);font-weight:700;font-size:.8125rem}
.message{margin:.75rem 0 0;padding:1rem 1.25rem;background:var(--mark);border-left:4px solid var(--accent);border-radius:.25rem .75rem .75rem .25rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:1rem;max-height:24rem;overflow-y:auto}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden;margin:.75rem 0}
.place{padding:.6rem 1rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.source{margin:0;padding:.5rem 0;overflow-x:auto;font-size:.875rem;line-height:1.55;tab-size:4}
.source span{display:flex;padding:0 1rem;min-width:max-content}
.source b{flex:none;width:3.5rem;padding-right:1rem;text-align:right;font-weight:400;color:var(--soft);user-select:none}
.source .here{background:var(--mark);box-shadow:inset 4px 0 var(--accent)}
summary{cursor:pointer;padding:.6rem 1rem;overflow-wrap:anywhere}
details+details{border-top:1px solid var(--line)}
ol{list-style:none;margin:0;padding:.25rem 0}
li{padding:.3rem 1rem;overflow-wrap:anywhere;font-size:.875rem}
table{width:100%;border-collapse:collapse;font-size:.875rem}
td{padding:.35rem 1rem;vertical-align:top;overflow-wrap:anywhere;border-top:1px solid var(--line)}
tr:first-child td{border-top:0}
.text{white-space:pre-wrap}
td:first-child{width:12rem;color:var(--soft)}
@media(max-width:40rem){td:first-child{width:7rem}#causes td{display:block;width:auto;border:0}#causes td:first-child{padding-bottom:0}#causes tr+tr{border-top:1px solid var(--line)}}
</style>
</head>
<body>
{{define "place"}}{{if .Editor}}<a class="mono small" href="{{.Editor}}">{{.File}}:{{.Line}}</a>{{else}}<span class="mono small soft">{{.File}}:{{.Line}}</span>{{end}}{{end}}
{{define "source"}}{{if .Source}}<pre class="source">{{range .Source}}<span{{if .Marked}} class="here"{{end}}><b>{{.Number}}</b><code>{{.Text}}</code></span>{{end}}</pre>{{end}}{{end}}
{{define "rows"}}<div class="card"><table class="mono">{{range .}}<tr><td>{{.Name}}</td><td>{{.Value}}</td></tr>{{end}}</table></div>{{end}}
<header>
<span class="badge">{{.Status}}</span> <span class="soft small mono">{{.Type}}</span>
<h1>{{.Title}}</h1>
<pre class="message">{{.Message}}</pre>
</header>
<main>
{{with .Focus}}<div class="card" id="focus"><div class="place">{{template "place" .}}</div>{{template "source" .}}</div>{{end}}
{{if .Causes}}<h2>Caused by</h2>
<div class="card" id="causes"><table class="mono">{{range .Causes}}<tr><td>{{.Name}}</td><td class="text">{{.Value}}</td></tr>{{end}}</table></div>{{end}}
{{if .App}}<h2>Calls of the app</h2>
<div class="card" id="app-frames">{{range .App}}<details><summary><code>{{.Name}}</code><br>{{template "place" .}}</summary>{{template "source" .}}</details>{{end}}</div>{{end}}
{{if .All}}<details class="card" id="all-frames"><summary>The whole stack, {{len .All}} calls</summary><ol>{{range .All}}<li{{if not .App}} class="soft"{{end}}><code>{{.Name}}</code><br>{{template "place" .}}</li>{{end}}</ol></details>{{end}}
<h2>Request</h2>
{{template "rows" .Request}}
{{if .Params}}<h2>Query</h2>{{template "rows" .Params}}{{end}}
{{if .Headers}}<h2>Headers</h2>{{template "rows" .Headers}}{{end}}
<h2>Program</h2>
{{template "rows" .Environment}}
<p class="soft small">This page is shown in development only. Visitors see the error page of status {{.Status}}.</p>
</main>
</body>
</html>
`))
