package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestItem36OneMainElementWithItsTokens(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	if n := strings.Count(v.body, "data-phx-main"); n != 1 || v.id == "" || v.session == "" || v.static == "" {
		t.Errorf("%d main elements, id %q, tokens %q and %q", n, v.id, v.session, v.static)
	}
	if strings.ContainsAny(v.session+v.static, `;, "'`) {
		t.Errorf("the tokens are not safe in cookies: %s %s", v.session, v.static)
	}
}

// clientOwned are the attributes that the client writes for itself.
const clientOwned = "component view id skip root-id ref-src ref-loading ref-lock stream teleported teleported-src prune " +
	"readonly disabled disable-with-restore pid"

func TestItem37NoAttributeOfTheClient(t *testing.T) {
	t.Parallel()
	own := make(map[string]bool)
	for name := range strings.FieldsSeq(clientOwned) {
		own["data-phx-"+name] = true
	}
	a := labApp(t)
	for _, path := range []string{"/page?text=x", "/other", "/slots", "/again/x", "/admin", "/lab", "/lab/desk", "/lab/list?n=3", "/lab/house", "/lab/form"} {
		doc, err := html.Parse(strings.NewReader(get(t, a.url+path).body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, at := range n.Attr {
				if own[at.Key] {
					t.Errorf("%s: <%s> has the client's own %s", path, n.Data, at.Key)
				}
			}
		}
	}
}

const reloadStatus = "__phoenix_reload_status__"

// reload asks for the page with the cookie that the client sets when a join was
// refused with reload, and returns the status of the answer.
func (v *visit) reload(token string) int {
	v.t.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		v.t.Fatal(err)
	}
	v.client.Jar.SetCookies(u, []*http.Cookie{{Name: reloadStatus, Value: token, Path: "/"}})
	v.load()
	for _, c := range v.client.Jar.Cookies(u) {
		if c.Name == reloadStatus {
			v.t.Errorf("after the answer the browser still has the cookie %s", c)
		}
	}
	return v.response.StatusCode
}

func TestItem43ReloadStatusCookie(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page?mount=live+missing")
	refused := v.dial().answer("lv:"+v.id, v.joinPayload(0)).refusal(t)
	v.url = a.url + "/page"
	for _, tt := range []struct {
		token string
		want  int
	}{{refused.Token, 404}, {"forged", 500}, {v.session, 500}} {
		if got := v.reload(tt.token); got != tt.want {
			t.Errorf("with the token %.20q: %d, want %d", tt.token, got, tt.want)
		}
		if !strings.Contains(v.body, "<html") || strings.Contains(v.body, "data-phx-main") {
			t.Errorf("with the token %.20q comes no error page:\n%s", tt.token, v.body)
		}
		if v.load(); v.response.StatusCode != 200 || v.id == "" {
			t.Errorf("the next request gets %d, want the page", v.response.StatusCode)
		}
	}
}

func TestItem44TextIsEscapedAlike(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	nasty := `<script>&"'` + "\x01é"
	v := get(t, a.url+"/page?text="+url.QueryEscape(nasty))
	j := v.dial().join(v, 0)
	live := zip(t, j.rendered, shared(j.rendered))
	if live != v.inner {
		t.Errorf("live and dead render differ:\n%q\n%q", live, v.inner)
	}
	if strings.Contains(live, "<script>") || !strings.Contains(html.UnescapeString(live), nasty) {
		t.Errorf("not escaped, or not the text: %q", live)
	}
}
