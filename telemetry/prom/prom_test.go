package prom_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/telemetry"
	"bennu/telemetry/prom"
	"bennu/token"
)

// counter is a page with a button.
type counter struct{ N int }

func (c *counter) Events() live.Events {
	return live.Events{
		"add":  live.Do(func(*live.Socket) error { c.N++; return nil }),
		"fail": live.Do(func(*live.Socket) error { return errors.New("no") }),
	}
}

func (c *counter) Render() templ.Component {
	return live.Component("part", func(p *part) { p.N = c.N })
}

// part is what it shows.
type part struct{ N int }

func (p *part) Render() templ.Component { return button(p.N) }

func site(t *testing.T, m *prom.Metrics) *bennu.App {
	t.Helper()
	app := bennu.New(bennu.Options{
		SecretKeyBase: token.NewSecret(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Observers: []telemetry.Observer{m.Observer()},
	})
	app.Live("/counter", func() live.View { return new(counter) })
	app.Handle("GET /metrics", m.Handler())
	return app
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, app http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// A scrape shows the live views, what they have drawn, and how long events took
// (TEL-06), and gauges of one's own (TEL-08).
func TestTEL06Metrics(t *testing.T) {
	t.Parallel()
	m := prom.New(prom.Options{})
	m.Gauge("shop_orders_waiting", "Orders that nobody has packed yet.", func() float64 { return 7 })
	app := site(t, m)
	v := livetest.Mount(t, app, "/counter")
	for range 3 {
		v.Element("button").Click()
	}
	v.ExpectCrash(func() { v.Event("nobody-takes-this", nil) })
	text := scrape(t, app)
	for _, want := range []string{
		`bennu_views{view="prom_test.counter"}`,
		`bennu_request_seconds_count{method="GET",route="/counter",status="200"} 1`,
		`bennu_connects_total{transport="websocket"} 1`,
		`bennu_mount_seconds_count{connected="yes",ok="yes",view="prom_test.counter"} 1`,
		`bennu_join_seconds_count{ok="yes",view="prom_test.counter"} 1`,
		`bennu_event_seconds_count{component="",event="add",ok="yes",view="prom_test.counter"} 3`,
		`bennu_event_seconds_count{component="",event="",ok="no",view="prom_test.counter"} 1`,
		`bennu_render_seconds_count{cause="event",view="prom_test.counter"} 3`,
		`bennu_render_bytes_total{cause="join",view="prom_test.counter"} `,
		`bennu_crashes_total{view="prom_test.counter"} 1`,
		"shop_orders_waiting 7",
		"go_goroutines ",
		"process_resident_memory_bytes ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("a scrape has no %s", want)
		}
	}
	if strings.Contains(text, "nobody-takes-this") {
		t.Error("a name that a client sent is a label")
	}
	if t.Failed() {
		t.Log(text)
	}
}

// The real Prometheus takes what we say, if it is installed (Debian's package
// prometheus has promtool).
func TestPromtool(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	m := prom.New(prom.Options{})
	app := site(t, m)
	livetest.Mount(t, app, "/counter").Element("button").Click()
	cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(scrape(t, app))
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Names of tasks that a view puts together, from what it was asked for say, do not
// become labels without end, and none is lost.
func TestManyNamesOfTasks(t *testing.T) {
	t.Parallel()
	m := prom.New(prom.Options{})
	o := m.Observer()
	const tasks = 1000
	for i := range tasks {
		name := fmt.Sprint("load file ", i, " \xff")
		o.Task(telemetry.Task{Name: name})
		o.Message(telemetry.Message{Type: "task " + name})
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := w.Body.String()
	for metric, label := range map[string]string{"bennu_task_seconds_count": "task", "bennu_message_seconds_count": "type"} {
		if n := strings.Count(text, metric+"{"); n != 201 {
			t.Errorf("%d names make %d series of %s, want 201", tasks, n, metric)
		}
		if want := fmt.Sprintf(`%s{ok="yes",%s="other",view=""} %d`, metric, label, tasks-200); !strings.Contains(text, want) {
			t.Errorf("a scrape has no %s", want)
		}
	}
}
