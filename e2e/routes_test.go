package e2e

import (
	"os/exec"
	"regexp"
	"testing"
)

func TestSEED05RouteIsListedWithItsPipeline(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(binary(t, "bennu"), "routes", "--dir", "../examples/showcase").CombinedOutput()
	if err != nil {
		t.Fatalf("bennu routes: %v\n%s", err, out)
	}
	want := regexp.MustCompile(`(?m)^GET +/counter +browser +live counter\.Counter .*web/routes\.go:\d+$`)
	if !want.Match(out) {
		t.Errorf("bennu routes lists no /counter with its pipeline and view:\n%s", out)
	}
}

func TestSEED05RouteAnswersInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.open(s.url + "/counter")
	if got := p.status(); got != "200" {
		t.Errorf("the browser got /counter with status %s, want 200", got)
	}
	// The pipeline that the group of the route names has run.
	if got := get(t, s.url+"/counter").response.Header.Get("Permissions-Policy"); got == "" {
		t.Error("the response lacks the header of the pipeline")
	}
}
