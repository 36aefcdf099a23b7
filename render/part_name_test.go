package render

import "testing"

func TestNamesOfTemplates(t *testing.T) {
	t.Parallel()
	for function, want := range map[string]string{
		"bennu/e2e/mistakes.bennuR_twoRoots": "twoRoots",
		"example.com/shop/v2.bennuR_card":    "card",
		"bennu/e2e/mistakes.twoRoots.func1":  "twoRoots",
		"shop/board.(*Page).card.func1":      "Page.card",
		"shop/board.Page.card.func1.2":       "Page.card",
		"shop/board.bennuR_Page_card":        "Page_card",
		"shop/board.row[...].func1":          "row",
		"main.page":                          "page",
	} {
		if got := templateName(function); got != want {
			t.Errorf("templateName(%q) = %q, want %q", function, got, want)
		}
	}
}
