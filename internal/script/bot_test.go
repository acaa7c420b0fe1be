package script

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// project writes files of a bot; a bare script is src/main.sc of an English one.
func project(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if files["chatbot.yaml"] == "" {
		files["chatbot.yaml"] = "name: test\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n"
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".sc") || strings.HasSuffix(name, ".js") {
			if !strings.Contains(name, "/") {
				name = "src/" + name
			}
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load loads a bot whose turns may take long: a busy machine decides no test.
func load(t testing.TB, options Options, files map[string]string) *Bot {
	t.Helper()
	if options.RunTime == 0 {
		options.RunTime = 20 * time.Second
	}
	bot, found := Load(project(t, files), options)
	for _, d := range found {
		if d.Severity == dialog.Error {
			t.Errorf("%s", d)
		}
	}
	if bot == nil {
		t.FailNow()
	}
	return bot
}

// talk is a client that keeps its session in memory and carries decisions out
// as the core does.
type talk struct {
	t testing.TB
	*visitor
	last *session.Decision
}

func newTalk(t testing.TB, bot *Bot) *talk {
	return &talk{t: t, visitor: newVisitor(bot, visitorTime())}
}

func scriptBot(t testing.TB, main string) *talk {
	return newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": main}))
}

func testLog(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{t}, nil))
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func (c *talk) say(text string) []string {
	c.t.Helper()
	return c.input(session.Input{Text: text})
}

func (c *talk) event(name string) []string {
	c.t.Helper()
	return c.input(session.Input{Event: &session.InputEvent{Name: name}})
}

func (c *talk) input(in session.Input) []string {
	c.t.Helper()
	d, _ := c.send(context.Background(), in)
	c.last = d
	return texts(c.t, append(append([]session.Reply{}, d.Before...), d.Replies...))
}

func texts(t testing.TB, replies []session.Reply) []string {
	t.Helper()
	var list []string
	for _, r := range replies {
		var body struct{ Text string }
		if err := json.Unmarshal(r, &body); err != nil {
			t.Fatal(err)
		}
		list = append(list, body.Text)
	}
	return list
}

func (c *talk) expect(text string, want ...string) {
	c.t.Helper()
	if got := c.say(text); strings.Join(got, "|") != strings.Join(want, "|") {
		c.t.Errorf("%q: got %q, want %q (failure: %+v)", text, got, want, c.last.Failure)
	}
}

func TestEcho(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Start
        q!: hello
        a: Hi
        buttons:
            "Yes" -> /Yes
    state: Yes
        a: yes it is
    state: Other
        event!: noMatch
        a: You said {{$request.query}}
`)
	c.expect("hello", "Hi")
	if !strings.Contains(string(c.last.Replies[0]), `"options":[{"label":"Yes","text":"Yes"}]`) {
		t.Errorf("no options: %s", c.last.Replies[0])
	}
	c.expect("yes", "yes it is")
	c.expect("yes", "You said yes")
}

// blockingTranscript tells when it is asked, and answers when it may.
func blockingTranscript(asked chan<- struct{}, goOn <-chan struct{}) func(context.Context, int) ([]*session.Message, error) {
	return func(context.Context, int) ([]*session.Message, error) {
		close(asked)
		<-goOn
		body := []byte(`{"input":{"text":"earlier"}}`)
		return []*session.Message{{ID: session.NewID(time.Now()), Author: session.AuthorUser, Body: body, Sequence: 1}}, nil
	}
}

func visitorTime() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
