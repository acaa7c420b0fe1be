package webhook_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/session"
	"parley/internal/signing"
	"parley/internal/webhook"
)

// These tests use real sockets and real time.

type wireHit struct {
	header http.Header
	body   []byte
}

// wire starts an HTTP receiver whose requests come out of a channel.
func wire(t *testing.T, answer http.HandlerFunc) (*httptest.Server, <-chan wireHit) {
	t.Helper()
	hits := make(chan wireHit, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost {
			t.Errorf("%s: %v", r.Method, err)
		}
		hits <- wireHit{r.Header.Clone(), body}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server, hits
}

func wireSender(t *testing.T, settings session.Settings, guard webhook.Guard) (*outbox, *webhook.Sender) {
	t.Helper()
	o := &outbox{}
	s := webhook.New(webhook.Options{
		Outbox: o, Integration: integrations{"shop": settings}.find, Now: time.Now, Guard: guard, UserAgent: "Parley/test",
	})
	s.Start()
	t.Cleanup(func() { s.Stop(context.Background()) })
	return o, s
}

func open() webhook.Guard { return webhook.Guard{AllowHTTP: true, AllowPrivate: true} }

func receive(t *testing.T, hits <-chan wireHit) wireHit {
	t.Helper()
	select {
	case h := <-hits:
		return h
	case <-time.After(2 * time.Minute):
		t.Fatal("no webhook came")
		return wireHit{}
	}
}

// Acceptance test 20, and the Standard Webhooks headers, over a real socket.
func TestWire_Headers(t *testing.T) {
	server, hits := wire(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	o, s := wireSender(t, session.Settings{WebhookURL: server.URL + "/hook?tenant=1", WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, open())
	d := delivery("shop", newChain(t), 1)
	o.add(d)
	s.Wake()
	h := receive(t, hits)
	if !bytes.Equal(h.body, d.Body) {
		t.Errorf("the body is not the stored one: %s", h.body)
	}
	stamp, err := strconv.ParseInt(h.header.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(stamp, 0)).Abs() > session.ReplayWindow {
		t.Errorf("webhook-timestamp %q", h.header.Get("webhook-timestamp"))
	}
	secret := "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	for name, want := range map[string]string{
		"X-Moveo-Signature": signing.Moveo(secret, h.body),
		"webhook-id":        d.ID.String(),
		"webhook-signature": signing.Standard(secret, d.ID.String(), time.Unix(stamp, 0), h.body),
		"Content-Type":      "application/json",
		"User-Agent":        "Parley/test",
	} {
		if got := h.header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if signature := h.header.Get("X-Moveo-Signature"); len(signature) != 64 || signature != strings.ToLower(signature) {
		t.Errorf("X-Moveo-Signature %q is not 64 lower-case hex digits", signature)
	}
}

func TestWire_NoSecret(t *testing.T) {
	server, hits := wire(t, func(http.ResponseWriter, *http.Request) {})
	o, s := wireSender(t, session.Settings{WebhookURL: server.URL}, open())
	o.add(delivery("shop", newChain(t), 1))
	s.Wake()
	h := receive(t, hits)
	for _, name := range []string{"X-Moveo-Signature", "webhook-signature", "X-Parley-Redelivery"} {
		if len(h.header.Values(name)) != 0 {
			t.Errorf("%s is there without a secret", name)
		}
	}
	if h.header.Get("webhook-id") == "" || h.header.Get("webhook-timestamp") == "" {
		t.Error("webhook-id and webhook-timestamp do not depend on a secret")
	}
}

// A retry over a real connection sends the same bytes under the same id.
func TestWire_Retry(t *testing.T) {
	var n atomic.Int32
	server, hits := wire(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	o, s := wireSender(t, session.Settings{WebhookURL: server.URL}, open())
	o.add(delivery("shop", newChain(t), 1))
	s.Wake()
	first, second := receive(t, hits), receive(t, hits)
	if !bytes.Equal(first.body, second.body) || first.header.Get("webhook-id") != second.header.Get("webhook-id") {
		t.Error("the second attempt differs from the first")
	}
	s.Stop(t.Context())
	if waiting, dead := o.counts(); waiting != 0 || dead != 0 {
		t.Errorf("%d waiting, %d dead", waiting, dead)
	}
}

func TestWire_RedirectIsNotFollowed(t *testing.T) {
	var reached atomic.Bool
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	defer target.Close()
	server, _ := wire(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.URL, http.StatusTemporaryRedirect)
	})
	_, s := wireSender(t, session.Settings{WebhookURL: server.URL}, open())
	r, err := s.Ping(t.Context(), "shop")
	if err != nil || r.Delivered || !r.Final || r.Status != http.StatusTemporaryRedirect {
		t.Errorf("got %+v, %v", r, err)
	}
	if reached.Load() {
		t.Error("the redirect was followed")
	}
}

// The guard sees the address that a name stands for, at the moment of the
// attempt, and no connection is made.
func TestWire_Guard(t *testing.T) {
	var reached atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for name, test := range map[string]struct {
		url   string
		guard webhook.Guard
		fault string
	}{
		"literal":                 {server.URL, webhook.Guard{AllowHTTP: true}, "allow-private-webhooks"},
		"mapped literal":          {"http://[::ffff:127.0.0.1]" + port, webhook.Guard{AllowHTTP: true}, "allow-private-webhooks"},
		"name":                    {"http://localhost" + port, webhook.Guard{AllowHTTP: true}, "allow-private-webhooks"},
		"http":                    {server.URL, webhook.Guard{AllowPrivate: true}, "allow-http-webhooks"},
		"metadata, whatever flag": {"http://169.254.169.254/latest/meta-data", open(), "never reach"},
		"unspecified":             {"http://0.0.0.0" + port, open(), "never reach"},
		"decimal literal":         {"http://2130706433" + port, webhook.Guard{AllowHTTP: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, s := wireSender(t, session.Settings{WebhookURL: test.url}, test.guard)
			r, err := s.Ping(t.Context(), "shop")
			if err != nil || r.Delivered || r.Status != 0 || r.Fault == "" {
				t.Fatalf("got %+v, %v", r, err)
			}
			if test.fault != "" && (!r.Final || !strings.Contains(r.Fault, test.fault)) {
				t.Errorf("got %+v", r)
			}
		})
	}
	if reached.Load() != 0 {
		t.Errorf("the receiver was reached %d times", reached.Load())
	}
	_, s := wireSender(t, session.Settings{WebhookURL: "http://localhost" + port}, open())
	if r, err := s.Ping(t.Context(), "shop"); err != nil || !r.Delivered || reached.Load() != 1 {
		t.Errorf("with both flags: %+v, %v", r, err)
	}
}

// A dead port, a certificate nobody vouches for and a name that does not exist
// may mend themselves.
func TestWire_TemporaryFaults(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer secure.Close()
	for name, url := range map[string]string{
		"refused": gone.URL, "certificate": secure.URL, "no such name": "http://parley-receiver.invalid/token-in-path",
	} {
		t.Run(name, func(t *testing.T) {
			_, s := wireSender(t, session.Settings{WebhookURL: url}, open())
			r, err := s.Ping(t.Context(), "shop")
			if err != nil || r.Delivered || r.Final || r.Status != 0 || r.Fault == "" {
				t.Errorf("got %+v, %v", r, err)
			}
			if strings.Contains(r.Fault, "token-in-path") {
				t.Errorf("the fault shows the URL: %s", r.Fault)
			}
		})
	}
}

func TestWire_TLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	guard := webhook.Guard{AllowPrivate: true}
	transport := guard.Transport()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	s := webhook.New(webhook.Options{
		Outbox: &outbox{}, Integration: integrations{"shop": {WebhookURL: server.URL}}.find, Now: time.Now,
		Guard: guard, Transport: transport,
	})
	defer s.Stop(t.Context())
	if r, err := s.Ping(t.Context(), "shop"); err != nil || !r.Delivered {
		t.Errorf("got %+v, %v", r, err)
	}
}

// A receiver that answers 200 and then keeps its body open has taken the event.
func TestWire_EndlessAnswer(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-release
	}))
	defer server.Close()
	defer close(release)
	_, s := wireSender(t, session.Settings{WebhookURL: server.URL}, open())
	if r, err := s.Ping(t.Context(), "shop"); err != nil || !r.Delivered || r.Took > 10*time.Second {
		t.Errorf("got %+v, %v", r, err)
	}
}
