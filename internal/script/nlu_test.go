package script

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// script-engine 6: a service may classify; without it the local classifier does.
func TestServiceClassifies(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if strings.Contains(string(body), "fail") || q.Header.Get("Authorization") != "Bearer key" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, `{"choices":[{"message":{"content":"{\"intents\":[{\"path\":\"/Order\",\"score\":0.9}]}"}}]}`)
	}))
	t.Cleanup(server.Close)
	files := map[string]string{
		"chatbot.yaml": "name: n\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n", "nlu.json": `{"intents": [{"path": "/Order", "phrases": [{"text": "order a cake"}]}]}`,
		"main.sc": "theme: /\n    state: Order\n        intent!: /Order\n        a: ordered\n    state: None\n        event!: noMatch\n        a: none\n",
	}
	options := Options{Log: testLog(t), NLU: NLU{URL: server.URL, Model: "m"}, Secrets: Secrets{}.With("NLU_API_KEY", "key")}
	c := newTalk(t, load(t, options, files))
	c.expect("something sweet for my birthday", "ordered")
	c.expect("fail fail fail", "none")
	c.expect("fail to order cakes", "ordered")
	newTalk(t, load(t, Options{Log: testLog(t)}, files)).expect("something sweet for my birthday", "none")
}
