package otel_test

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
	"bennu/telemetry"
	"bennu/telemetry/otel"
	"bennu/token"
)

var template = render.New(0x7e57_9101, render.Root, `<p><button phx-click="add">+</button></p>`)

// counter is a page with a button.
type counter struct{}

func (c *counter) Events() live.Events {
	return live.Events{
		"add":  live.Do(func(*live.Socket) error { return nil }),
		"fail": live.Do(func(*live.Socket) error { return errors.New("out of seeds") }),
	}
}

func (c *counter) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error { w.Nest(slot, template); w.End(); return nil })
}

// endpoint takes spans as a collector does, over OTLP.
type endpoint struct {
	mu  sync.Mutex
	all []*spans.Span
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var request collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &request)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			e.all = append(e.all, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (e *endpoint) named(name string) []*spans.Span {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []*spans.Span
	for _, s := range e.all {
		if s.Name == name {
			found = append(found, s)
		}
	}
	return found
}

// The real exporter takes the spans to whatever speaks OTLP, with their
// durations and errors, in the trace of the request that opened the page
// (TEL-02, TEL-05).
func TestTEL02Spans(t *testing.T) {
	t.Parallel()
	var e endpoint
	srv := httptest.NewServer(&e)
	defer srv.Close()
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(srv.URL+"/v1/traces"))
	if err != nil {
		t.Fatal(err)
	}
	provider := sdk.NewTracerProvider(sdk.WithSyncer(exporter))
	app := bennu.New(bennu.Options{
		SecretKeyBase: token.NewSecret(), Logger: slog.New(slog.DiscardHandler),
		Observers: []telemetry.Observer{otel.Observer(otel.Options{Provider: provider, Renders: true})},
	})
	app.Live("/counter", func() live.View { return new(counter) })
	const id = "0af7651916cd43dd8448eb211c80319c"
	v := livetest.Mount(t, app, "/counter", livetest.Options{Header: http.Header{"Traceparent": {"00-" + id + "-b7ad6b7169203331-01"}}})
	v.Element("button").Click()
	v.ExpectCrash(func() { v.Event("fail", nil) })
	if err := provider.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{
		"GET /counter": 1, "otel_test.counter mount": 2, "otel_test.counter join": 1, "otel_test.counter event add": 1,
		"otel_test.counter event fail": 1, "otel_test.counter crash": 1, "otel_test.counter render": 3,
	} {
		found := e.named(name)
		if len(found) != want {
			t.Errorf("%d spans %q, want %d", len(found), name, want)
		}
		for _, s := range found {
			if got := hex.EncodeToString(s.TraceId); got != id {
				t.Errorf("span %q is of the trace %s, want %s", name, got, id)
			}
			if s.EndTimeUnixNano < s.StartTimeUnixNano {
				t.Errorf("span %q ends before it begins", name)
			}
			failed := strings.HasSuffix(name, "fail") || strings.HasSuffix(name, "crash")
			if (s.Status.GetCode() == spans.Status_STATUS_CODE_ERROR) != failed {
				t.Errorf("span %q has the status %v", name, s.Status)
			}
		}
	}
}
