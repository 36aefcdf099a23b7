package bennu

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// noScript tells a developer why buttons do nothing.
const noScript = "This page can not become live: Options.Assets has no app.js, the script that opens its socket. " +
	"An app made by bennu new has one in web/assets; bennu assets build makes the files that Assets serves."

// defaultLayout is what stands around pages when Options.RootLayout is nil: a
// document that live pages work in, with the style sheet app.css and the script
// app.js if they were built.
func defaultLayout(p Page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		head := `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
			`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + templ.EscapeString(p.Title()) + `</title>`
		if _, err := io.WriteString(w, head); err != nil {
			return err
		}
		if err := p.Head().Render(ctx, w); err != nil {
			return err
		}
		links, note := "", ""
		if p.app.assets.has("app.css") {
			links += `<link rel="stylesheet" href="` + templ.EscapeString(p.Asset("app.css")) + `" phx-track-static>`
		}
		if p.app.assets.has("app.js") {
			links += `<script defer src="` + templ.EscapeString(p.Asset("app.js")) + `" phx-track-static></script>`
		} else if p.app.opts.Dev {
			note = `<p role="alert">` + noScript + `</p>`
			p.app.log.WarnContext(ctx, "page without its script", "why", noScript)
		}
		if _, err := io.WriteString(w, links+`</head><body>`+note); err != nil {
			return err
		}
		if err := children.Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, `</body></html>`)
		return err
	})
}
