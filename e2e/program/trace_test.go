package program

import (
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	v1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// traces is an OpenTelemetry collector: it takes OTLP over HTTP.
type traces struct {
	t   *testing.T
	url string

	mu    sync.Mutex
	spans []*v1.Span
}

func newTraces(t *testing.T) *traces {
	t.Helper()
	c := &traces{t: t}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *traces) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			c.t.Error(err)
			return
		}
		body = unpacked
	}
	raw, err := io.ReadAll(body)
	var request collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(raw, &request)
	}
	if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		c.t.Errorf("%s %s: %v", r.URL.Path, r.Header.Get("Content-Type"), err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range request.ResourceSpans {
		if name := attribute(resource.Resource.Attributes, "service.name"); name != "parley" {
			c.t.Errorf("spans of the service %q", name)
		}
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// all are the spans so far.
func (c *traces) all() []*v1.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spans
}

// child finds the span of a name below a span, "" of nobody.
func (c *traces) child(parent, name string, facts ...string) *v1.Span {
	c.t.Helper()
	for _, s := range c.all() {
		if hex.EncodeToString(s.ParentSpanId) == parent && s.Name == name && carries(s, facts) {
			return s
		}
	}
	var all strings.Builder
	for _, s := range c.all() {
		fmt.Fprintf(&all, "\n%x below %x: %s %v", s.SpanId, s.ParentSpanId, s.Name, s.Attributes)
	}
	c.t.Fatalf("no span %q %v below %s; there are:%s", name, facts, parent, all.String())
	return nil
}

func carries(s *v1.Span, facts []string) bool {
	for i := 0; i+1 < len(facts); i += 2 {
		if attribute(s.Attributes, facts[i]) != facts[i+1] {
			return false
		}
	}
	return true
}

func spanID(s *v1.Span) string { return hex.EncodeToString(s.SpanId) }

// within demands that the spans are of one trace and that none holds a text.
func (c *traces) within(trace string, unsaid ...string) {
	c.t.Helper()
	for _, s := range c.all() {
		for _, words := range unsaid {
			if strings.Contains(s.String(), words) {
				c.t.Errorf("the span %s holds %q: %s", s.Name, words, s)
			}
		}
		if s.Name == "turn" && hex.EncodeToString(s.TraceId) != trace {
			c.t.Errorf("a turn of the trace %x, want %s", s.TraceId, trace)
		}
	}
}

const (
	traceID  = "4bf92f3577b34da6a3ce929d0e0e4736"
	callerID = "00f067aa0ba902b7"
)

func traceparent(span string) string { return "00-" + traceID + "-" + span + "-01" }

// TestTrace_FollowsAMessage from the request of a back end over accept, lane, bot and
// commit to the webhook, and reads what a real exporter sent.
func TestTrace_FollowsAMessage(t *testing.T) {
	t.Parallel()
	out, bot, hook := newTraces(t), newEndpoint(t), newReceiver(t)
	hooks := newHookServer(t, map[string]string{"/before": "{}"})
	s := start(t, "--otlp-endpoint", out.url)
	shop := s.shop(bot.settings(hook.settings(object{"ai_webhooks": []object{hooks.hook("before", "pre_message", nil)}})))
	id := shop.open(nil)
	shop.say(id, "what nobody else may read", "traceparent", traceparent(callerID))
	delivered := hook.want("message:brain_send", 1)
	s.stop()

	request := out.child(callerID, "POST /v1/custom/{integration_id}/sessions/{session_id}/messages", "http.response.status_code", "202")
	if request.Kind != v1.Span_SPAN_KIND_SERVER {
		t.Errorf("kind %v", request.Kind)
	}
	accept := out.child(spanID(request), "commit", "parley.change", "accept")
	turn := out.child(spanID(accept), "turn", "parley.session", id)
	asked := out.child(spanID(turn), "bot", "parley.attempt", "1")
	decided := out.child(spanID(turn), "commit", "parley.change", "turn")
	webhook := out.child(spanID(decided), "webhook", "parley.event", "message:brain_send")
	sent := out.child(spanID(webhook), "POST", "http.response.status_code", "200")
	same(t, "traceparent of the webhook", delivered.header.Get("traceparent"), traceparent(spanID(sent)))
	calls := map[string]bool{}
	for _, span := range out.all() {
		if span.Name == "POST" && string(span.ParentSpanId) == string(asked.SpanId) {
			calls[traceparent(spanID(span))] = true
		}
	}
	if got := bot.calls()[0].header.Get("traceparent"); !calls[got] || len(calls) != 2 {
		t.Errorf("traceparent of the bot %q, of the calls %v", got, calls)
	}
	if got := hooks.calls("/before")[0].header.Get("traceparent"); !calls[got] {
		t.Errorf("traceparent of the AI webhook %q, of the calls %v", got, calls)
	}
	out.within(traceID, "what nobody else may read", shop.key, "hello from afar", "/before")
}

// TestTrace_FollowsASocketIntoAScript: an event may name its trace, and a call of
// $http carries it on. A webhook that is tried again stays in the trace.
func TestTrace_FollowsASocketIntoAScript(t *testing.T) {
	t.Parallel()
	out, hook := newTraces(t), newReceiver(t)
	hook.statuses(500)
	seen := make(chan http.Header, 1)
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.Header.Clone() }))
	defer service.Close()
	dir := directory(t)
	must(t, os.Mkdir(filepath.Join(dir, "src"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "chatbot.yaml"), []byte("name: caller\nentryPoint: main.sc\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "src", "main.sc"), []byte(
		"theme: /\n\n    state: Any\n        q!: *\n        script:\n            $http.get(\""+service.URL+"/secret-path\");\n        a: Done.\n"), 0o600))
	s := start(t, "--otlp-endpoint", out.url, "--script-network", "127.0.0.1")
	shop := s.shop(hook.settings(object{"subscribed_events": []string{"message:brain_send"}}), "--bot", dir)
	tab := newBrowsers(t).visit(shop, nil)
	id := text(tab.open(nil), "session_id")
	tab.emit("message:send", object{
		"session_id": id, "timestamp": time.Now().UnixMilli(), "input": object{"text": "hello"}, "traceparent": traceparent(callerID),
	})
	hook.want("message:brain_send", 1)
	header := <-seen // the call came before the answer
	s.move(time.Minute)
	hook.want("message:brain_send", 2)
	s.stop()

	event := out.child(callerID, "socket message:send")
	turn := out.child(spanID(out.child(spanID(event), "commit", "parley.change", "accept")), "turn")
	call := out.child(spanID(out.child(spanID(turn), "bot")), "GET", "server.address", "127.0.0.1")
	same(t, "traceparent of $http", header.Get("traceparent"), traceparent(spanID(call)))
	decided := spanID(out.child(spanID(turn), "commit", "parley.change", "turn"))
	first := out.child(decided, "webhook", "parley.attempt", "1")
	if first.Status.GetCode() != v1.Status_STATUS_CODE_ERROR {
		t.Errorf("the first attempt: %v", first.Status)
	}
	out.child(decided, "webhook", "parley.attempt", "2")
	out.within(traceID, "secret-path")
}

// TestTrace_IsOffWithoutACollector: nobody is told anything.
func TestTrace_IsOffWithoutACollector(t *testing.T) {
	t.Parallel()
	bot, hook := newEndpoint(t), newReceiver(t)
	s := start(t)
	shop := s.shop(bot.settings(hook.settings(nil)))
	shop.say(shop.open(nil), "hello", "traceparent", traceparent(callerID))
	if got := hook.want("message:brain_send", 1).header.Get("traceparent"); got != "" {
		t.Errorf("traceparent of the webhook %q", got)
	}
	if got := bot.calls()[0].header.Get("traceparent"); got != "" {
		t.Errorf("traceparent of the bot %q", got)
	}
}

// TestTrace_CollectorIsAway: it costs no message and no clean end.
func TestTrace_CollectorIsAway(t *testing.T) {
	t.Parallel()
	s := start(t, "--otlp-endpoint", "http://127.0.0.1:1")
	shop := s.scripted(nil)
	same(t, "answer", shop.talk(shop.open(nil), "menu"), "What would you like?")
	same(t, "exit code", s.stop(), 0)
}

func attribute(list []*common.KeyValue, key string) string {
	for _, a := range list {
		if a.Key != key {
			continue
		}
		if n, ok := a.Value.Value.(*common.AnyValue_IntValue); ok {
			return strconv.FormatInt(n.IntValue, 10)
		}
		return a.Value.GetStringValue()
	}
	return ""
}
