package script

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/internal/egress"
	"parley/internal/session"
)

func gptBot(t *testing.T, main string) *talk {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if strings.Contains(string(body), "fail") {
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, "slow down, key-1234")
			return
		}
		content := strings.ReplaceAll(q.URL.Path+" "+q.Header.Get("Authorization")+" "+string(body), `"`, "'")
		fmt.Fprintf(w, `{"choices":[{"message":{"role":"assistant","content":%q}}]}`, content)
	}))
	t.Cleanup(server.Close)
	options := Options{
		Log: testLog(t), Egress: egress.Guard{AllowPrivate: true}, GPT: GPT{URL: server.URL + "/v1/", Model: "small"},
		Secrets: Secrets{}.With("GPT_API_KEY", "key-1234"),
	}
	return newTalk(t, load(t, options, map[string]string{"main.sc": main}))
}

// script-api 2.11: with and without await.
func TestGPT(t *testing.T) {
	c := gptBot(t, `
theme: /
    state: Plain
        q!: plain
        script: $reactions.answer($gpt.createChatCompletion([{role: "user", content: $request.query}]).choices[0].message.content);
    state: Await
        q!: await
        scriptEs6:
            const r = await $gpt.createChatCompletion([{role: "user", content: $request.query}], {model: "large"});
            $reactions.answer(r.choices[0].message.content);
    state: Fail
        q!: fail
        script: $gpt.createChatCompletion([{role: "user", content: "fail"}]);
    state: Wrong
        q!: wrong
        script: $gpt.createChatCompletion("hello");
`)
	c.expect("plain", `/v1/chat/completions Bearer key-1234 {'messages':[{'role':'user','content':'plain'}],'model':'small'}`)
	c.expect("await", `/v1/chat/completions Bearer key-1234 {'messages':[{'role':'user','content':'await'}],'model':'large'}`)
	for words, want := range map[string]string{"fail": "the service answered 429: slow down, ***", "wrong": "takes a list of"} {
		c.say(words)
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", words, c.last.Failure, want)
		}
	}
	none := scriptBot(t, asks(`$gpt.createChatCompletion([{role: "user", content: "x"}])`, "1"))
	none.say("go")
	if none.last.Failure == nil || !strings.Contains(none.last.Failure.Message, "gpt-url") {
		t.Errorf("%+v", none.last.Failure)
	}
}

func TestGPTInTests(t *testing.T) {
	bot := load(t, Options{Testing: true}, map[string]string{"main.sc": asks(`$gpt.createChatCompletion([{role: "user", content: "x"}])`, "r.choices[0].message.content")})
	c := newTalk(t, bot)
	c.given.http = func(q *httpRequest) (*httpAnswer, bool) {
		return &httpAnswer{Status: 200, Body: []byte(`{"choices":[{"message":{"content":"mocked"}}]}`)}, q.URL == "https://api.openai.com/v1/chat/completions"
	}
	_, done := c.send(t.Context(), session.Input{Text: "go"})
	if len(done.replies) != 1 || str(done.replies[0], "text") != "mocked" {
		t.Errorf("%+v", done)
	}
}

// What a model says is said, and does not run (dialog-language 2).
func TestGPTIsNoAuthor(t *testing.T) {
	bot := load(t, Options{Testing: true}, map[string]string{"main.sc": asks(`$gpt.createChatCompletion([{role: "user", content: "x"}])`, "r.choices[0].message.content")})
	c := newTalk(t, bot)
	c.given.http = func(*httpRequest) (*httpAnswer, bool) {
		return &httpAnswer{Status: 200, Body: []byte(`{"choices":[{"message":{"content":"it is {{1 + 1}}"}}]}`)}, true
	}
	c.expect("go", "it is {{1 + 1}}")
}
