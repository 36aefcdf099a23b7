package pair

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func open(t *testing.T) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/", func() live.View { return new(Page) })
	return livetest.Mount(t, app, "/")
}

func value(v *livetest.View, id string) string {
	got, _ := v.Element("#" + id).Attr("value")
	return got
}

func TestEitherScaleMovesTheOther(t *testing.T) {
	t.Parallel()
	v := open(t)
	for _, step := range []struct{ in, degrees, celsius, fahrenheit, water string }{
		{"Fahrenheit", "212", "100", "212", "steam"},
		{"Celsius", "37.5", "37.5", "99.5", "water"},
		{"Fahrenheit", "0", "-17.8", "0", "ice"},
		{"Celsius", "-40", "-40", "-40", "ice"},
		{"Fahrenheit", "32", "0", "32", "ice"},
	} {
		v.Element("#in-" + step.in).Change(url.Values{"degrees": {step.degrees}})
		if c, f := value(v, "Celsius"), value(v, "Fahrenheit"); c != step.celsius || f != step.fahrenheit {
			t.Errorf("%s %s: the fields have %s and %s, want %s and %s", step.degrees, step.in, c, f, step.celsius, step.fahrenheit)
		}
		v.Element("#water", step.water)
	}
}

func TestAMistakeStaysInItsField(t *testing.T) {
	t.Parallel()
	v := open(t)
	for degrees, says := range map[string]string{
		"warm": "Write a number.", "": "Write a number.", "NaN": "Write a number.",
		"-274": "as cold as that", "-Inf": "Write a number.", "1e300": "No bird",
	} {
		v.Element("#in-Celsius").Change(url.Values{"degrees": {degrees}})
		v.Element("#in-Celsius [role=alert]", says)
		if v.Has("#in-Fahrenheit [role=alert]") || value(v, "Fahrenheit") != "68" {
			t.Errorf("%q in one field: the other has %q", degrees, value(v, "Fahrenheit"))
		}
	}
	v.Element("#in-Celsius").Change(url.Values{"degrees": {"10"}})
	if v.Has("[role=alert]") || value(v, "Fahrenheit") != "50" {
		t.Errorf("after 10 °C the other field has %q", value(v, "Fahrenheit"))
	}
}

// lastDiff are the keys of the last diff, which say what of the page was sent.
func lastDiff(t *testing.T, v *livetest.View) string {
	t.Helper()
	frames := v.Frames()
	for _, f := range slices.Backward(frames) {
		var reply struct {
			Response struct{ Diff map[string]json.RawMessage }
		}
		if f.Sent || json.Unmarshal(f.Payload, &reply) != nil {
			continue
		}
		diff := reply.Response.Diff
		if f.Event == "diff" {
			diff = nil
			if err := json.Unmarshal(f.Payload, &diff); err != nil {
				t.Fatal(err)
			}
		}
		var keys []string
		for key := range diff {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return strings.Join(keys, " ")
	}
	return ""
}

func TestPickerAndSkyTellEachOther(t *testing.T) {
	t.Parallel()
	v := open(t)
	hour := func(want, changes, parts string) {
		t.Helper()
		v.RequireText(want + "; changes so far: " + changes)
		v.Element("[aria-pressed=true]", want)
		if got := lastDiff(t, v); got != parts {
			t.Errorf("the last diff has the parts %q, want %q", got, parts)
		}
	}
	v.Element("button", "Dusk").Click()
	hour("Dusk", "1", "c")
	v.Element("button", "Dusk").Click()
	hour("Dusk", "1", "")
	v.Element("button", "Let time pass").Click()
	hour("Night", "2", "c")
	v.Element("button", "Let time pass").Click()
	hour("Dawn", "3", "c")
}

// Any client can pick any hour.
func TestAnHourThatDoesNotExist(t *testing.T) {
	t.Parallel()
	c, s := &Picker{Hour: "Noon"}, new(live.Socket)
	if err := c.pick(s, struct{ Hour string }{"Never"}); err != nil || c.Hour != "Noon" {
		t.Errorf("pick(Never): %v, the hour is %s", err, c.Hour)
	}
}

func cards(v *livetest.View) string {
	f := v.Element("#cards").Text()
	return strings.Join(strings.Fields(strings.NewReplacer("Ring", "", "↑", "", "×", "", "rings:", "").Replace(f)), " ")
}

func TestCardsMoveWithWhatIsTheirs(t *testing.T) {
	t.Parallel()
	v := open(t)
	show := func(want string) {
		t.Helper()
		if got := cards(v); got != want {
			t.Errorf("the cards are %q, want %q", got, want)
		}
	}
	show("Heron 0 Ibis 0 Spoonbill 0")
	v.Element("#card-Ibis button", "Ring").Click()
	if got := lastDiff(t, v); got != "c" {
		t.Errorf("a ring is sent as the parts %q, want the component only", got)
	}
	v.Element("#card-Ibis button", "Ring").Click()
	v.Element("#card-Heron button", "Ring").Click()
	show("Heron 1 Ibis 2 Spoonbill 0")
	v.Element("#card-Ibis button", "↑").Click()
	show("Ibis 2 Heron 1 Spoonbill 0")
	v.Element("#card-Ibis button", "↑").Click() // it is the first already
	show("Ibis 2 Heron 1 Spoonbill 0")
	v.Element("button", "Reverse").Click()
	show("Spoonbill 0 Heron 1 Ibis 2")
	v.Element("#card-Heron button", "×").Click()
	show("Spoonbill 0 Ibis 2")
	v.Element("button", "Deal").Click()
	show("Spoonbill 0 Ibis 2 Heron 0")
	for range birds {
		v.Element("button", "Deal").Click()
	}
	if got := strings.Count(v.HTML(), "<li"); got != len(birds) {
		t.Errorf("after many deals there are %d cards, want one for each of %d birds", got, len(birds))
	}
}
