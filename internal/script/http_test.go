package script

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/egress"
	"parley/internal/session"
)

// webBot is a bot that may call this machine; SERVER in its script is the
// address of a receiver.
func webBot(t *testing.T, receiver http.HandlerFunc, main string) *talk {
	t.Helper()
	server := httptest.NewServer(receiver)
	t.Cleanup(server.Close)
	options := Options{Log: testLog(t), Egress: egress.Guard{AllowPrivate: true}}
	return newTalk(t, load(t, options, map[string]string{"main.sc": strings.ReplaceAll(main, "SERVER", server.URL)}))
}

// asks is a bot that says what an expression over `r`, the result of a call, is.
func asks(call, shown string) string {
	return "\ntheme: /\n    state: Ask\n        q!: *\n        script:\n            var r = (" + call + ");\n            $reactions.answer(String(" + shown + "));\n"
}

// script-api 2.4: what goes out and what comes back.
func TestHTTP(t *testing.T) {
	receiver := func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		switch q.URL.Path {
		case "/echo":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"m":%q,"q":%q,"b":%q,"t":%q,"h":%q}`, q.Method, q.URL.RawQuery, body, q.Header.Get("Content-Type"), q.Header.Get("X-Own"))
		case "/xml":
			w.Header().Set("Content-Type", "application/xml; charset=windows-1251")
			_, _ = w.Write([]byte("<?xml version=\"1.0\" encoding=\"windows-1251\"?><ValCurs Date=\"1\"><Valute ID=\"R1\"><Name>\xc4\xee\xeb\xeb\xe0\xf0</Name></Valute><Valute ID=\"R2\"/></ValCurs>"))
		case "/bad":
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprint(w, "short and stout")
		case "/loop":
			http.Redirect(w, q, "/loop", http.StatusFound)
		case "/there":
			http.Redirect(w, q, "/echo", http.StatusFound)
		case "/meta":
			http.Redirect(w, q, "http://169.254.169.254/latest", http.StatusFound)
		case "/huge":
			_, _ = w.Write(make([]byte, session.MaxHTTPAnswerBytes+1))
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		}
	}
	for _, tt := range []struct{ call, shown, want string }{
		{`$http.get("SERVER/echo")`, `r.isOk + " " + r.status + " " + r.data.m + " " + r.response.headers["Content-Type"] + " " + r.error`, "true 200 GET application/json null"},
		{`$http.get("SERVER/echo?a=${a}&b=${ b }&c=${c}", {query: {a: "ы &", b: 7}})`, `r.data.q`, "a=%D1%8B%20%26&b=7&c=${c}"},
		{`$http.query("SERVER/echo?x=два слова", {method: "put", body: {n: 1}, headers: {"X-Own": "o"}})`, `[r.data.m, r.data.q, r.data.b, r.data.t, r.data.h].join(" ")`,
			`PUT x=%D0%B4%D0%B2%D0%B0%20%D1%81%D0%BB%D0%BE%D0%B2%D0%B0 {"n":1} application/json o`},
		{`$http.post("SERVER/echo", {body: "plain", dataType: "text"})`, `typeof r.data + JSON.parse(r.data).b + JSON.parse(r.data).t`, "stringplaintext/plain; charset=utf-8"},
		{`$http.post("SERVER/echo", {form: {a: "1 2", b: 3}})`, `r.data.b + " " + r.data.t`, "a=1+2&b=3 application/x-www-form-urlencoded"},
		{`$http["delete"]("SERVER/echo", {body: {}})`, `r.data.m + r.data.b`, "DELETE{}"},
		{`$http.get("SERVER/echo", {body: {}})`, `r.data.m + r.data.b`, "GET"},
		{`$http.get("SERVER/xml")`, `r.data.ValCurs.Valute.length + r.data.ValCurs.Valute[0].ID + r.data.ValCurs.Valute[0].Name + r.data.ValCurs.Date`, "2R1Доллар1"},
		{`$http.get("SERVER/bad")`, `r.isOk + " " + r.status + " " + r.error + " " + r.data + " " + r.response.status`, "false 418 short and stout undefined 418"},
		{`$http.get("SERVER/there")`, `r.data.m`, "GET"},
		{`$http.get("SERVER/loop")`, `r.status + " " + r.error.replace(/.*: /, "")`, "-1 more than 5 redirects"},
		{`$http.get("SERVER/meta")`, `r.status + " " + /never reached/.test(r.error) + JSON.stringify(r.response)`, "-1 true{}"},
		{`$http.get("SERVER/huge")`, `r.error`, "the answer is larger than 5242880 bytes"},
		{`$http.get("SERVER/empty")`, `r.isOk + " " + r.data`, "true undefined"},
		{`$http.get("ftp://files.example/x#part")`, `r.status + " " + r.error`, "-1 the address must use https, not ftp"},
		{`$http.get("SERVER/echo").then(function (d, s, all) { $temp.x = d.m + s + all.status; }).catch(function () { $temp.x = "no"; })`, `$temp.x`, "GET200200"},
		{`$http.get("SERVER/bad").then(function () { $temp.x = "no"; }).catch(function (all, s, e) { $temp.x = all.status + e; })`, `$temp.x`, "418short and stout"},
		{`$http.get("SERVER/echo", {okHandler: function (d) { $temp.got = d.m; }})`, `$temp.got`, "GET"},
	} {
		c := webBot(t, receiver, asks(tt.call, tt.shown))
		if got := c.say("go"); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: got %q, want %q (%+v)", tt.call, got, tt.want, c.last.Failure)
		}
	}
}

// Wrong settings are errors of the script (script-api 2.4).
func TestHTTPSettings(t *testing.T) {
	for call, want := range map[string]string{
		`$http.query("http://x", {method: "LOOK"})`:  `"LOOK" is no method`,
		`$http.get("http://x", {dataType: "yaml"})`:  `dataType "yaml" is not known`,
		`$http.get("http://x", {headers: "a"})`:      "headers must be an object",
		`$http.config({url: {host: "api.example"}})`: "only while the bot is loaded",
		`$http.get("http://x", {body: 1, query: 2})`: "query must be an object",
	} {
		c := scriptBot(t, asks(call, "1"))
		c.say("go")
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", call, c.last.Failure, want)
		}
	}
}

// A receiver can tell a repeated call (architecture, Recovery).
func TestHTTPIdempotencyKey(t *testing.T) {
	var keys []string
	c := webBot(t, func(_ http.ResponseWriter, q *http.Request) {
		keys = append(keys, q.Header.Get("Idempotency-Key")+" "+q.Header.Get("X-Parley-Attempt"))
	}, asks(`$http.get("SERVER/"), $http.post("SERVER/", {headers: {"idempotency-key": "mine"}})`, "1"))
	turn := c.turn()
	turn.Input, turn.Attempt = session.Input{Text: "go"}, 2
	c.visitor.run(t.Context(), turn)
	if want := turn.RequestID.String() + "-1 2|mine 2"; strings.Join(keys, "|") != want {
		t.Errorf("got %q, want %q", keys, want)
	}
}

// script-api 9i: at most 15 calls of a request go out.
func TestHTTPCallLimit(t *testing.T) {
	var calls atomic.Int32
	c := webBot(t, func(w http.ResponseWriter, _ *http.Request) { calls.Add(1); fmt.Fprint(w, 1) }, `
theme: /
    state: Ask
        q!: *
        script:
            for (var i = 0; i < 16; i++) $temp.r = $http.get("SERVER/");
            $reactions.answer($temp.r.isOk + " " + $temp.r.status + " " + $temp.r.error);
`)
	c.expect("go", "false -1 Callback limit reached")
	c.expect("go", "false -1 Callback limit reached")
	if calls.Load() != 30 {
		t.Errorf("%d calls went out in two requests", calls.Load())
	}
}

// script-api 9j: the key is structural; only calls that ask for it are kept, and
// only as long as the configuration says.
func TestHTTPCache(t *testing.T) {
	var calls atomic.Int32
	c := webBot(t, func(w http.ResponseWriter, q *http.Request) {
		n := calls.Add(1)
		if q.URL.Path == "/bad" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, n)
	}, `
init:
    $http.config({url: {protocol: "http", host: "SERVER".split("/")[2].split(":")[0], port: "SERVER".split(":")[2]}, cacheTimeToLiveInSeconds: 60});
theme: /
    state: A
        q!: a
        a: {{ $http.post("/x", {body: {a: 1, b: {c: 2, d: 3}}, cachingRequired: true}).data }}
    state: B
        q!: b
        a: {{ $http.post("x", {cachingRequired: true, body: {b: {d: 3, c: 2}, a: 1}}).data }}
    state: Other
        q!: other
        a: {{ $http.post("/x", {body: {a: 2, b: {c: 2, d: 3}}, cachingRequired: true}).data }}
    state: Plain
        q!: plain
        a: {{ $http.post("/x", {body: {a: 1, b: {c: 2, d: 3}}}).data }}
    state: Bad
        q!: bad
        a: {{ $http.get("/bad", {cachingRequired: true}).error }}
`)
	c.expect("a", "1")
	c.expect("b", "1")
	c.expect("other", "2")
	c.expect("plain", "3")
	c.expect("bad", "4")
	c.expect("bad", "5")
	c.after(59 * time.Second)
	c.expect("b", "1")
	c.after(time.Second)
	c.expect("b", "6")
}

// A file goes as a form of parts.
func TestHTTPFile(t *testing.T) {
	c := webBot(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/photo.png" {
			fmt.Fprint(w, "pixels")
			return
		}
		file, header, err := q.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		content, _ := io.ReadAll(file)
		fmt.Fprintf(w, `"%s %s %s"`, header.Filename, content, q.FormValue("kind"))
	}, asks(`$http.post("SERVER/up", {fileUrl: "SERVER/photo.png", form: {kind: "cat"}}).data + "|" + $http.post("SERVER/up", {fileUrl: "SERVER/photo.png", fileName: "b.png"}).data`, "r"))
	c.expect("go", "photo.png pixels cat|b.png pixels ")
}

func TestHTTPOAuth(t *testing.T) {
	c := webBot(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/token" {
			user, password, _ := q.BasicAuth()
			if user != "id" || password != "s" || q.FormValue("grant_type") != "client_credentials" || q.FormValue("scope") != "a b" {
				t.Errorf("%s %s %v", user, password, q.Form)
			}
			fmt.Fprint(w, `{"access_token": "tok"}`)
			return
		}
		fmt.Fprintf(w, "%q", q.Header.Get("Authorization"))
	}, asks(`$http.get("SERVER/x", {oauth2ResourceDetail: {accessTokenUri: "SERVER/token", clientId: "id", clientSecret: "s", scope: ["a", "b"]}})`, "r.data"))
	c.expect("go", "Bearer tok")
}

// script-api 2.4, security: this machine and its networks are out of reach.
func TestHTTPGuard(t *testing.T) {
	called := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer server.Close()
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	for _, address := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://169.254.169.254/"} {
		c := scriptBot(t, asks(`$http.get("`+address+`")`, "r.isOk + \"\" + r.status"))
		c.expect("go", "false-1")
	}
	if called {
		t.Error("the guard let a call through")
	}
}

// script-api 2.4: a call ends at its own timeout; the time it waits is no
// running time, and the waiting of all calls together is bounded.
func TestHTTPTimeout(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	receiver := func(_ http.ResponseWriter, q *http.Request) {
		select {
		case <-release:
		case <-q.Context().Done():
		}
	}
	c := webBot(t, receiver, asks(`$http.get("SERVER/", {timeout: 50})`, `r.isOk + " " + r.status + " " + r.error + JSON.stringify(r.response)`))
	c.expect("go", "false -1 no answer in time{}")

	slow := webBot(t, receiver, asks(`$http.get("SERVER/", {timeout: 2300}), $http.get("SERVER/", {timeout: 50})`, `r.error`))
	slow.bot.options.RunTime = 2 * time.Second // the wait is longer, what runs is far from it
	slow.expect("go", "no answer in time")

	spentBot := webBot(t, receiver, asks(`$http.get("SERVER/")`, "1"))
	turn := spentBot.turn()
	turn.Input = session.Input{Text: "go"}
	m, err := spentBot.bot.pool.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(t.Context(), spentBot.bot, m, turn)
	r.spent.waited = session.ScriptWaitTime - 20*time.Millisecond
	m.begin(r)
	defer func() {
		r.vm.end()
		spentBot.bot.pool.put(r.vm)
	}()
	if d := r.decide(); d.Failure == nil || d.Failure.Code != "deadline" {
		t.Errorf("%+v", d.Failure)
	}
}

// In a test nothing goes out (dialog-language 8).
func TestHTTPInTests(t *testing.T) {
	bot := load(t, Options{Testing: true}, map[string]string{"main.sc": asks(`$http.post("https://api.example/${x}", {query: {x: 1}, body: {a: 2}})`, `r.isOk + " " + JSON.stringify(r.data) + " " + r.error`)})
	c := newTalk(t, bot)
	_, done := c.send(t.Context(), session.Input{Text: "go"})
	if len(done.calls) != 1 || done.calls[0].mocked || done.calls[0].real || str(done.replies[0], "text") != "false undefined no <mockData> answers POST https://api.example/1" {
		t.Errorf("%+v %v", done.calls, done.replies)
	}
	c.given.http = func(q *httpRequest) (*httpAnswer, bool) {
		if q.Template != "https://api.example/${x}" || string(q.Query["x"]) != "1" || string(q.Body) != `{"a":2}` {
			t.Errorf("%+v", q)
		}
		return &httpAnswer{Status: 200, Kind: kindXML, Body: []byte("<a>1</a>")}, true
	}
	_, done = c.send(t.Context(), session.Input{Text: "go"})
	if len(done.calls) != 1 || !done.calls[0].mocked || str(done.replies[0], "text") != `true {"a":"1"} null` {
		t.Errorf("%+v %v", done.calls, done.replies)
	}
}

func FuzzXMLValue(f *testing.F) {
	f.Add([]byte("<a b='1'>x<c/><c/></a>"))
	f.Add([]byte("<?xml version='1.0' encoding='windows-1251'?><a>\xc4</a>"))
	f.Add([]byte("<a></b>"))
	f.Fuzz(func(t *testing.T, source []byte) {
		value, err := xmlValue(source)
		if err == nil && !json.Valid([]byte(marshal(value))) {
			t.Error("no JSON came of it")
		}
	})
}

// A redirect to another host takes no key of the script along; one on the same
// host does.
func TestHTTPRedirectKeepsKeys(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		fmt.Fprintf(w, `"other %s%s %s"`, q.Header.Get("X-Api-Key"), q.Header.Get("Authorization"), q.Header.Get("Accept-Language"))
	}))
	defer other.Close()
	c := webBot(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/away":
			http.Redirect(w, q, other.URL, http.StatusFound)
		case "/here":
			http.Redirect(w, q, "/end", http.StatusFound)
		default:
			fmt.Fprintf(w, `"same %s"`, q.Header.Get("X-Api-Key"))
		}
	}, `
theme: /
    state: Ask
        q!: *
        a: {{ $http.get("SERVER/" + $request.query, {headers: {"X-Api-Key": "k", Authorization: "b", "Accept-Language": "ru"}}).data }}
`)
	c.expect("here", "same k")
	c.expect("away", "other  ru")
}
