package e2e

import (
	"strings"
	"testing"
)

func TestItem106TypesAreNotChecked(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	for _, typ := range []string{`null`, `"made up"`, `"hook"`} {
		ref := j.next()
		j.send(j.joinRef, ref, j.topic, "event", `{"type":`+typ+`,"event":"any","value":{"list":[1,{"deep":true}],"n":`+ref+`}}`)
		if f := j.read(); f.ref != ref || f.reply(t).Status != "ok" || !strings.Contains(f.raw, "deep:true") || !strings.Contains(f.raw, "n:"+ref) {
			t.Errorf("type %s: %s, want the raw value at the handler", typ, f.raw)
		}
	}
}

func TestItem107FormsAreDecoded(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "event", `{"type":"form","event":"form","value":"user[name]=Ann+B&user[tags][]=x&user[tags][]=y&user[age]=abc","meta":{"_target":"user[name]"}}`)
	f := j.read()
	if !strings.Contains(f.raw, "{Name:Ann B Tags:[x y] Age:0} 1") {
		t.Errorf("%s, want the nested form and one error for the age", f.raw)
	}
}

func TestItem112ReservedNames(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	if f := j.push("lv:mine", `{}`); string(f.reply(t).Response) != `{}` || a.called.Count("lv:mine") != 0 {
		t.Errorf("%s, and the app's code ran %d times", f.raw, a.called.Count("lv:mine"))
	}
}

func TestItem113RepliesInOrderDuringASlowHandler(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	var refs []string
	send := func(event, value string) {
		ref := j.next()
		refs = append(refs, ref)
		j.send(j.joinRef, ref, j.topic, "event", `{"type":"click","event":"`+event+`","value":`+value+`}`)
	}
	send("wait", `{}`)
	<-a.gate.Entered
	send("set", `{"text":"a"}`)
	send("set", `{"text":"b"}`)
	j.send("", "h1", "phoenix", "heartbeat", `{}`)
	if f := j.read(); f.ref != "h1" || f.topic != "phoenix" {
		t.Errorf("while a handler blocks the heartbeat is answered with %s", f.raw)
	}
	close(a.gate.Open)
	for _, ref := range refs {
		if f := j.read(); f.ref != ref || f.reply(t).Status != "ok" {
			t.Errorf("got %s, want the reply to %s", f.raw, ref)
		}
	}
}

func TestItem119PatchToAnotherPlaceIsANavigation(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "live_patch", `{"url":"`+a.url+`/other"}`)
	if f := j.read(); f.ref != ref || string(f.reply(t).Response) != `{"link_redirect":true}` {
		t.Errorf("%s, want link_redirect", f.raw)
	}
}

func TestItem68NothingChangedIsAnEmptyReply(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page?text=same")
	j := v.dial().join(v, 0)
	if f := j.push("set", `{"text":"same"}`); string(f.reply(t).Response) != `{}` {
		t.Errorf("%s, want {}", f.raw)
	}
	// Nor was a diff pushed beside it: the next message answers a heartbeat.
	j.send("", "h1", "phoenix", "heartbeat", `{}`)
	if f := j.read(); f.ref != "h1" {
		t.Errorf("after an event that changed nothing came %s", f.raw)
	}
}

func TestItem69OneChangeIsOnePath(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page?text=1")
	j := v.dial().join(v, 0)
	if f := j.push("set", `{"text":"2"}`); string(f.reply(t).Response) != `{"diff":{"0":"2","1":"2"}}` {
		t.Errorf("%s, want the two places of the text", f.raw)
	}
}

// An error would lock the element that the event came from.
func TestOddMessagesAreAnsweredOk(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	j := v.dial().join(v, 0)
	for event, payload := range map[string]string{"event": `{"type":7}`, "made up": `{}`, "progress": `{"event":null}`} {
		ref := j.next()
		j.send(j.joinRef, ref, j.topic, event, payload)
		if f := j.read(); f.ref != ref || f.reply(t).Status != "ok" {
			t.Errorf("%s %s is answered with %s, want ok", event, payload, f.raw)
		}
	}
}
