package js_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bennu/js"
)

// TestEncoding: each command as the client reads it (see docs of the client's
// js.js; what it then does is seen in Chromium).
func TestEncoding(t *testing.T) {
	t.Parallel()
	type step struct {
		Number int    `json:"number"`
		Note   string `json:"note,omitempty"`
	}
	tests := map[string]struct {
		got  js.Commands
		want string
	}{
		"push":              {js.Push("inc"), `[["push",{"event":"inc"}]]`},
		"push with options": {js.Push("inc", js.Value("id", 7), js.Target("#x"), js.Loading(".y"), js.PageLoading()), `[["push",{"event":"inc","value":{"id":7},"target":"#x","loading":".y","page_loading":true}]]`},
		"push values":       {js.Push("inc", js.Values(step{Number: 2}), js.Value("a b", "<\"&'")), `[["push",{"event":"inc","value":{"number":2,"a b":"<\"&'"}}]]`},
		"push no values":    {js.Push("inc", js.Values(map[string]int{})), `[["push",{"event":"inc"}]]`},
		"push to component": {js.Push("inc", js.Target("12")), `[["push",{"event":"inc","target":12}]]`},
		"push to element 0": {js.Push("inc", js.Target("012")), `[["push",{"event":"inc","target":"012"}]]`},
		"show":              {js.Show("#m"), `[["show",{"to":"#m"}]]`},
		"show self":         {js.Show(js.Self), `[["show",{}]]`},
		"show slowly": {js.Show("#m", js.In("ease duration-300").From("opacity-0").To("opacity-100"), js.Time(300*time.Millisecond), js.Display("flex"), js.Blocking(false)),
			`[["show",{"to":"#m","transition":[["ease","duration-300"],["opacity-0"],["opacity-100"]],"display":"flex","time":300,"blocking":false}]]`},
		"hide":   {js.Hide(js.Closest(".menu"), js.Out("fade-out"), js.Time(0)), `[["hide",{"to":{"closest":".menu"},"transition":[["fade-out"],[],[]],"time":0}]]`},
		"toggle": {js.Toggle(js.Inner("ul > li"), js.In("a"), js.Out("b").To("c")), `[["toggle",{"to":{"inner":"ul > li"},"ins":[["a"],[],[]],"outs":[["b"],[],["c"]]}]]`},
		"transition": {js.Transition("#m", js.During("shake").From("x").To("y"), js.Time(time.Second), js.Blocking(true)),
			`[["transition",{"to":"#m","transition":[["shake"],["x"],["y"]],"time":1000}]]`},
		"add class":    {js.AddClass("#m", " a  b "), `[["add_class",{"names":["a","b"],"to":"#m"}]]`},
		"remove class": {js.RemoveClass(js.Self, "a", js.During("d")), `[["remove_class",{"names":["a"],"transition":[["d"],[],[]]}]]`},
		"toggle class": {js.ToggleClass("#m", "a", js.Time(5*time.Millisecond)), `[["toggle_class",{"names":["a"],"to":"#m","time":5}]]`},
		"set attr":     {js.SetAttr("#m", "aria-expanded", "true"), `[["set_attr",{"attr":["aria-expanded","true"],"to":"#m"}]]`},
		"remove attr":  {js.RemoveAttr("#m", "open"), `[["remove_attr",{"attr":"open","to":"#m"}]]`},
		"toggle attr":  {js.ToggleAttr("#m", "open", ""), `[["toggle_attr",{"attr":["open",""],"to":"#m"}]]`},
		"swap attr":    {js.SwapAttr("#m", "aria-expanded", "true", "false"), `[["toggle_attr",{"attr":["aria-expanded","true","false"],"to":"#m"}]]`},
		"ignore attrs": {js.IgnoreAttrs(js.Self, "open", "data-*"), `[["ignore_attrs",{"attrs":["open","data-*"]}]]`},
		"focus":        {js.Focus("#m"), `[["focus",{"to":"#m"}]]`},
		"focus first":  {js.FocusFirst("#m"), `[["focus_first",{"to":"#m"}]]`},
		"push focus":   {js.PushFocus(js.Self), `[["push_focus",{}]]`},
		"pop focus":    {js.PopFocus(), `[["pop_focus",{}]]`},
		"navigate":     {js.Navigate("/posts?page=2"), `[["navigate",{"href":"/posts?page=2","replace":false}]]`},
		"patch":        {js.Patch("https://here.test/x", js.Replace()), `[["patch",{"href":"https://here.test/x","replace":true}]]`},
		"dispatch":     {js.Dispatch("#m", "copy", js.Detail(step{1, "x"}), js.Bubbles(false), js.Blocking(true)), `[["dispatch",{"event":"copy","to":"#m","detail":{"number":1,"note":"x"},"bubbles":false,"blocking":true}]]`},
		"click":        {js.Dispatch("#m", "click"), `[["dispatch",{"event":"click","to":"#m"}]]`},
		"exec":         {js.Exec("#m", "data-cancel"), `[["exec",{"attr":"data-cancel","to":"#m"}]]`},
		"chain":        {js.Push("inc").Show("#x").PopFocus(), `[["push",{"event":"inc"}],["show",{"to":"#x"}],["pop_focus",{}]]`},
		"then":         {js.Push("inc").Then(js.Hide("#x")), `[["push",{"event":"inc"}],["hide",{"to":"#x"}]]`},
		"then nothing": {js.Push("inc").Then(""), `[["push",{"event":"inc"}]]`},
		"nothing then": {js.Commands("").Then(js.Push("inc")), `[["push",{"event":"inc"}]]`},
	}
	for name, tt := range tests {
		if string(tt.got) != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, tt.got, tt.want)
		}
		if !json.Valid([]byte(tt.got)) {
			t.Errorf("%s: not JSON: %s", name, tt.got)
		}
	}
}

func TestCommandsDoNotChange(t *testing.T) {
	t.Parallel()
	base := js.Push("inc")
	one, two := base.Show("#one"), base.Show("#two")
	if base != `[["push",{"event":"inc"}]]` || one == two {
		t.Fatalf("base %s, one %s, two %s", base, one, two)
	}
}

// TestInPayload: commands in the payload of a pushed event are a list, not a text.
func TestInPayload(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(map[string]any{"do": js.Hide("#a<b"), "none": js.Commands("")})
	if want := `{"do":[["hide",{"to":"#a\u003cb"}]],"none":[]}`; err != nil || string(got) != want {
		t.Fatalf("got %s, %v\nwant %s", got, err, want)
	}
}

// TestFaultRow44: what users wrote stays a value, whatever it looks like.
func TestFaultRow44(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{`"}],["exec",{"attr":"x`, "</script>", "\x00\n\u2028\u2029", `\"`, "a\xffb", `#x"],["a`} {
		c := js.Push("e", js.Value(hostile, hostile)).Hide(js.ID(hostile)).SetAttr(js.Having("data-x", hostile), "title", hostile).
			AddClass(js.Selector(hostile), hostile)
		var chain [][2]any
		if err := json.Unmarshal([]byte(c), &chain); err != nil {
			t.Fatalf("%q: %v in %s", hostile, err, c)
		}
		if len(chain) != 4 || chain[0][0] != "push" || chain[1][0] != "hide" || chain[2][0] != "set_attr" || chain[3][0] != "add_class" {
			t.Fatalf("%q became other commands: %s", hostile, c)
		}
	}
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	tests := map[js.Selector]string{
		js.ID("a"):                   `#a`,
		js.ID("1a"):                  `#\31 a`,
		js.ID("-1"):                  `#-\31 `,
		js.ID("-"):                   `#\-`,
		js.ID("a.b#c d"):             `#a\.b\#c\ d`,
		js.ID("é_-9"):                `#é_-9`,
		js.ID("a\x01"):               `#a\1 `,
		js.Having("data-x", `a"b\c`): `[data-x="a\"b\\c"]`,
		js.Having("x:y", "\n"):       `[x\:y="\a "]`,
	}
	for got, want := range tests {
		if string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestAddressesThatLeadNowhere: what may come from users is replaced.
func TestAddressesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	const nowhere = "about:invalid#"
	for _, path := range []string{"", "x", "//evil.test", `/\evil`, "/\t/evil", "javascript:alert(1)", " javascript:alert(1)", "data:text/html,x",
		"mailto:a@b", "https:evil", "http:///evil", "HTTPS://", "vbscript:x"} {
		for _, c := range []js.Commands{js.Navigate(path), js.Patch(path)} {
			if !strings.Contains(string(c), nowhere) {
				t.Errorf("%q became %s", path, c)
			}
		}
	}
	if c := js.SetAttr("#x", "href", "javascript:alert(1)"); !strings.Contains(string(c), nowhere) {
		t.Errorf("set_attr: %s", c)
	}
	if c := js.SetAttr("#x", "src", "/a.png"); c != `[["set_attr",{"attr":["src","/a.png"],"to":"#x"}]]` {
		t.Errorf("set_attr: %s", c)
	}
}

// TestMistakes: what only a programmer can get wrong says so.
func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		f    func()
		want string
	}{
		"no event":          {func() { js.Push("") }, "has no name"},
		"event like JSON":   {func() { js.Push("[x") }, "read as commands"},
		"values no object":  {func() { js.Push("x", js.Values([]int{1})) }, "want an object"},
		"value no JSON":     {func() { js.Push("x", js.Value("f", func() {})) }, "JSON cannot write a func()"},
		"target scoped":     {func() { js.Push("x", js.Target(string(js.Inner("a")))) }, "not Closest or Inner"},
		"loading scoped":    {func() { js.Push("x", js.Loading(js.Inner("a"))) }, "not Closest or Inner"},
		"scope of scope":    {func() { js.Inner(js.Closest("a")) }, "want a CSS selector"},
		"scope of self":     {func() { js.Closest(js.Self) }, "want a CSS selector"},
		"no id":             {func() { js.ID("") }, "the id is empty"},
		"no attribute":      {func() { js.Having("", "x") }, "has no name"},
		"time before now":   {func() { js.Time(-1) }, "want 0 or more"},
		"script":            {func() { js.SetAttr("#x", "onclick", "x") }, "runs what it holds"},
		"document":          {func() { js.ToggleAttr("#x", "SRCDOC", "x") }, "runs what it holds"},
		"name of attribute": {func() { js.RemoveAttr("#x", "a b") }, "no name of an attribute"},
		"ignore nothing":    {func() { js.IgnoreAttrs("#x") }, "no attribute is named"},
		"dispatch nothing":  {func() { js.Dispatch("#x", "") }, "has no name"},
		"click with detail": {func() { js.Dispatch("#x", "click", js.Detail(struct{}{})) }, "no detail"},
		"detail no object":  {func() { js.Dispatch("#x", "y", js.Detail(1)) }, "as an object"},
		"exec nothing":      {func() { js.Exec("#x", "") }, "no name of an attribute"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if text, _ := recover().(string); !strings.HasPrefix(text, "js: ") || !strings.Contains(text, tt.want) {
					t.Errorf("panicked with %q, want one that begins with js: and says %q", text, tt.want)
				}
			}()
			tt.f()
		})
	}
}
