package e2e

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The official client's own long polling, without a browser around it.
func TestItem31OfficialClientByLongPolling(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("oracle/node_modules/phoenix"); err != nil {
		t.Fatalf("the client is not installed (%v); `make setup` does it", err)
	}
	s := showcase(t)
	v := get(t, s.url+"/counter")
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, c := range v.client.Jar.Cookies(u) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	cmd := exec.Command("node", "longpoll.mjs", s.url+v.livePath, strings.Join(cookies, "; "), v.csrf, "lv:"+v.id, v.joinPayload(0), "250")
	cmd.Dir = "oracle"
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var got struct {
		Error, Version string
		Answers        []string
		Requests       map[string]int
		RTT            float64
	}
	if jsonErr := json.Unmarshal(out, &got); err != nil || jsonErr != nil || got.Error != "" {
		t.Fatalf("node: %v, %s%s", err, out, stderr.String())
	}
	if got.Version != "1.2.12" || len(got.Answers) != 250 {
		t.Errorf("version %s, %d answers to 250 clicks", got.Version, len(got.Answers))
	}
	if last := got.Answers[len(got.Answers)-1]; !strings.Contains(last, `"250"`) {
		t.Errorf("the last answer is %s, want 250 in it", last)
	}
	// The join, 250 clicks and a chunk at a hundred a request, the ping, the leave.
	if got.Requests["POST"] < 4 || got.Requests["POST"] > 12 {
		t.Errorf("%v requests", got.Requests)
	}
	s.line(0, "msg=mount", "connected=true", "transport=longpoll", v.id)
}
