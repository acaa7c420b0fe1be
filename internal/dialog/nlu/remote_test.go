package nlu_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/dialog/nlu"
)

// plain splits at blanks: words are their own stems.
func plain(text string) []nlu.Word {
	var words []nlu.Word
	at := 0
	for word := range strings.FieldsSeq(text) {
		start := at + strings.Index(text[at:], word)
		at = start + len(word)
		words = append(words, nlu.Word{Start: start, End: at, Folded: strings.ToLower(word), Stem: strings.ToLower(word)})
	}
	return words
}

type service struct {
	*httptest.Server
	asked atomic.Int64
	body  atomic.Value
}

func newService(t *testing.T, answer http.HandlerFunc) *service {
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.asked.Add(1)
		data, _ := io.ReadAll(q.Body)
		s.body.Store(q.URL.Path + " " + q.Header.Get("Authorization") + " " + string(data))
		answer(w, q)
	}))
	t.Cleanup(s.Close)
	return s
}

func remote(t *testing.T, s *service, failed func(error)) *nlu.Remote {
	m, problems := nlu.Read(exportFiles(`{"intents": [{"path": "/Hello", "phrases": [{"text": "hi there"}]},
		{"path": "/Bye", "phrases": [{"text": "see you later"}], "slots": [{"name": "n", "entity": "e"}]}]}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	local := nlu.NewClassifier(m, nlu.Options{Language: "en", Words: plain})
	return nlu.NewRemote(m, local, nlu.RemoteOptions{URL: s.URL + "/v1/", Model: "small", Key: "k", Failed: failed})
}

func says(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"choices": [{"message": {"role": "assistant", "content": %q}}]}`, content)
	}
}

// script-engine 6: a remote classifier behind the same interface.
func TestRemote(t *testing.T) {
	s := newService(t, says(`{"intents": [{"path": "/Bye", "score": 0.8}, {"path": "/Unknown", "score": 1}, {"path": "/Hello", "score": 0.1}]}`))
	c := remote(t, s, func(err error) { t.Error(err) })
	for range 2 {
		list, err := c.Classify(t.Context(), "farewell friend", []nlu.Found{{Entity: "e", Value: []byte("5")}}, 0)
		if err != nil || len(list) != 2 || list[0].Intent.Path != "/Bye" || list[0].Score != 0.8 || string(list[0].Slots[0].Value) != "5" {
			t.Fatalf("got %+v, %v", list, err)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("the service was asked %d times for one text", n)
	}
	body := fmt.Sprint(s.body.Load())
	for _, want := range []string{"/v1/chat/completions Bearer k ", `"model":"small"`, "farewell friend", `/Hello\n- hi there`} {
		if !strings.Contains(body, want) {
			t.Errorf("the request %s lacks %s", body, want)
		}
	}
	if list, err := c.Classify(t.Context(), "Hi there", nil, 1); err != nil || list[0].Score != 1 || s.asked.Load() != 1 {
		t.Errorf("an example phrase: %+v, %v, asked %d times", list, err, s.asked.Load())
	}
}

// Whatever the service does wrong, the local classifier answers.
func TestRemoteFallsBack(t *testing.T) {
	release := make(chan struct{})
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"500":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "answered 500"},
		"no JSON":    {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "no JSON"},
		"no choices": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, "no choices"},
		"bad answer": {says("I think it is /Bye"), "no JSON"},
		"silence":    {func(http.ResponseWriter, *http.Request) { <-release }, "deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, c.answer)
			if name == "silence" {
				defer close(release)
			}
			var failure error
			r := remote(t, s, func(err error) { failure = err })
			start := time.Now()
			list, err := r.Classify(t.Context(), "you see later", nil, 1)
			if err != nil || len(list) != 1 || list[0].Intent.Path != "/Bye" {
				t.Errorf("got %+v, %v", list, err)
			}
			if failure == nil || !strings.Contains(failure.Error(), c.want) {
				t.Errorf("failed with %v, want %q", failure, c.want)
			}
			if took := time.Since(start); took > 2*nlu.RemoteTimeout {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestRemoteEndsWithTheContext(t *testing.T) {
	s := newService(t, says(`{"intents": []}`))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := remote(t, s, nil).Classify(ctx, "you see later", nil, 1); err == nil {
		t.Error("no error after the end of the context")
	}
}
