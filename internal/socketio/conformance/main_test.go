package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// ask calls the handler itself: the heartbeats of the suites are too quick for a busy machine, and a bubble has its own time.
func ask(t *testing.T, handler http.Handler, method, url, body string) string {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(method, url, strings.NewReader(body)))
	if w.Code != http.StatusOK {
		t.Fatalf("%s %q: %d %s", method, body, w.Code, w.Body)
	}
	return w.Body.String()
}

// withConnection runs a test with a function that asks over a new polling connection.
func withConnection(t *testing.T, path string, test func(t *testing.T, ask func(method, body string) string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		handler, url := newHandler(), path+"?EIO=4&transport=polling"
		handshake := ask(t, handler, "GET", url, "")
		sid, rest, _ := strings.Cut(strings.TrimPrefix(handshake, `0{"sid":"`), `"`)
		if want := `,"upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}`; rest != want {
			t.Fatalf("handshake: %s", handshake)
		}
		test(t, func(method, body string) string {
			t.Helper()
			return ask(t, handler, method, url+"&sid="+sid, body)
		})
	})
}

func TestEngine(t *testing.T) {
	withConnection(t, "/engine.io/", func(t *testing.T, ask func(method, body string) string) {
		ask("POST", "4hello\x1ebAQIDBA==")
		if got := ask("GET", ""); got != "4hello\x1ebAQIDBA==" {
			t.Errorf("got %q", got)
		}
	})
}

func TestSocket(t *testing.T) {
	withConnection(t, "/socket.io/", func(t *testing.T, ask func(method, body string) string) {
		ask("POST", `40/custom,{"token":"abc"}`)
		got := ask("GET", "")
		if !strings.HasPrefix(got, `40/custom,{"sid":"`) || !strings.HasSuffix(got, "\"}\x1e"+`42/custom,["auth",{"token":"abc"}]`) {
			t.Errorf("got %q", got)
		}
		ask("POST", "42/custom,[\"message\",1,{\"a\":[true]}]\x1e"+
			"451-/custom,7[\"message-with-ack\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID\x1e40/random")
		want := "42/custom,[\"message-back\",1,{\"a\":[true]}]\x1e" +
			"461-/custom,7[{\"_placeholder\":true,\"num\":0}]\x1ebAQID\x1e44/random,{\"message\":\"Invalid namespace\"}"
		if got := ask("GET", ""); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
