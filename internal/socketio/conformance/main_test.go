package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func ask(t *testing.T, method, url, body string) string {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %q: %d %s %v", method, body, response.StatusCode, text, err)
	}
	return string(text)
}

// open returns the address of a new polling connection.
func open(t *testing.T, path string) string {
	t.Helper()
	server := httptest.NewServer(newHandler())
	t.Cleanup(server.Close)
	url := server.URL + path + "?EIO=4&transport=polling"
	handshake := ask(t, "GET", url, "")
	sid, rest, _ := strings.Cut(strings.TrimPrefix(handshake, `0{"sid":"`), `"`)
	if want := `,"upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}`; rest != want {
		t.Fatalf("handshake: %s", handshake)
	}
	return url + "&sid=" + sid
}

func TestEngine(t *testing.T) {
	url := open(t, "/engine.io/")
	ask(t, "POST", url, "4hello\x1ebAQIDBA==")
	if got := ask(t, "GET", url, ""); got != "4hello\x1ebAQIDBA==" {
		t.Errorf("got %q", got)
	}
}

func TestSocket(t *testing.T) {
	url := open(t, "/socket.io/")
	ask(t, "POST", url, `40/custom,{"token":"abc"}`)
	got := ask(t, "GET", url, "")
	if !strings.HasPrefix(got, `40/custom,{"sid":"`) || !strings.HasSuffix(got, "\"}\x1e"+`42/custom,["auth",{"token":"abc"}]`) {
		t.Errorf("got %q", got)
	}
	ask(t, "POST", url, "42/custom,[\"message\",1,{\"a\":[true]}]\x1e451-/custom,7[\"message-with-ack\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID\x1e40/random")
	want := "42/custom,[\"message-back\",1,{\"a\":[true]}]\x1e461-/custom,7[{\"_placeholder\":true,\"num\":0}]\x1ebAQID\x1e44/random,{\"message\":\"Invalid namespace\"}"
	if got := ask(t, "GET", url, ""); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
