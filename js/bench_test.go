package js_test

import (
	"testing"

	"bennu/js"
)

var sink js.Commands

// BenchmarkCommands is what a template pays for a chain at each render.
func BenchmarkCommands(b *testing.B) {
	b.Run("push", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = js.Push("increase")
		}
	})
	b.Run("push with value", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = js.Push("increase", js.Value("id", 7))
		}
	})
	b.Run("modal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink = js.Show("#m", js.In("ease").From("opacity-0").To("opacity-100")).FocusFirst("#m").PushFocus(js.Self)
		}
	})
}
