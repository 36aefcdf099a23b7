package e2e

import "testing"

func TestItem95EventBeforeThePatch(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	_, f := j.event("ask", `{"do":"push","to":"x"}`, 0)
	if got := text(f.diff(t)["e"]); got != `[["after",1],["before",{"to":"x"},true]]` {
		t.Errorf("%s, want two elements for the one, and true as the third of the other", f.raw)
	}
}

func TestItem96ReplyOfAHandler(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"do":"reply","to":"nothing changed"}`, 0); f.response(t) != `{"diff":{"r":{"to":"nothing changed"}}}` {
		t.Errorf("%s, want the reply alone", f.raw)
	}
	if _, f := j.event("ask", `{"do":"reply","to":"x","text":"changed too"}`, 0); text(f.diff(t)["r"]) != `{"to":"x"}` || at(f.diff(t), "0", "0") != "changed too" {
		t.Errorf("%s, want the reply and the message", f.raw)
	}
	if _, f := j.event("ask", `{}`, 0); f.response(t) != `{}` {
		t.Errorf("the next event is answered with %s", f.raw)
	}
}

func TestItem97TitleIsSentOnce(t *testing.T) {
	t.Parallel()
	_, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"do":"title","to":"A <title>"}`, 0); text(f.diff(t)) != text(map[string]string{"t": "A <title>"}) {
		t.Errorf("%s, want the title alone, as text", f.raw)
	}
	for range 2 {
		if _, f := j.event("ask", `{"text":"x"}`, 0); f.reply(t).Status != "ok" || f.diff(t)["t"] != nil {
			t.Errorf("%s, want no title", f.raw)
		}
	}
}
