package aihook_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/aihook"
	"parley/internal/egress"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// bench is a core on a real store, with a bot that is a function and a real
// server of webhooks.
type bench struct {
	t     *testing.T
	core  *session.Core
	in    *session.Integration
	url   string
	bot   botFunc
	guard egress.Guard
	limit time.Duration // of a call

	mu   sync.Mutex
	seen map[string][]map[string]any
	says map[string]string
}

type botFunc func(ctx context.Context, turn *session.Turn) (*session.Decision, error)

func (f botFunc) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	return f(ctx, turn)
}

// echo answers with the text and keeps a mark in $session.
func echo(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{textReply("echo " + turn.Input.Text + turn.TargetState)}, State: "/Echo"}
	if turn.Input.Event != nil {
		d.Replies = []session.Reply{textReply("event " + turn.Input.Event.Name)}
	}
	d.Vars.Data, d.Vars.Position = []byte(`{"ran":true}`), "/Echo"
	return d, nil
}

func textReply(s string) session.Reply {
	raw, _ := json.Marshal(map[string]string{"type": "text", "text": s})
	return raw
}

func newBench(t *testing.T, bot botFunc, hooks ...session.AIWebhook) *bench {
	t.Helper()
	b := &bench{t: t, bot: bot, limit: time.Minute, guard: egress.Guard{AllowHTTP: true, AllowPrivate: true}, seen: map[string][]map[string]any{}, says: map[string]string{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	b.in = &session.Integration{ID: session.NewID(time.Now()).String(), Kind: session.KindCustom, Active: true}
	for _, h := range hooks {
		h.URL = server.URL + "/" + h.Name
		b.in.Settings.AIWebhooks = append(b.in.Settings.AIWebhooks, h)
	}
	b.in.Settings = b.in.Settings.WithDefaults(b.in.Kind)
	if err := b.in.Settings.Check(); err != nil {
		t.Fatal(err)
	}
	return b
}

// open starts the core.
func (b *bench) open() session.ID {
	b.t.Helper()
	store, err := sqlite.Open(b.t.Context(), sqlitetest.Dir(b.t, sqlite.Open), sqlite.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(b.t.Output(), nil))
	caller := aihook.New(aihook.Options{Guard: b.guard, Now: time.Now, Log: log, Timeout: b.limit, Random: func(n int) int { return n - 1 }})
	b.core = session.New(session.Config{
		Store: store, Now: time.Now, Log: log,
		Integration: func(string) (*session.Integration, bool) { return b.in, true },
		Bot:         func(in *session.Integration) session.Bot { return caller.Around(b.bot, in) },
	})
	if err := b.core.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		b.core.Stop(context.Background())
		if err := store.Close(); err != nil {
			b.t.Error(err)
		}
	})
	out, err := b.core.Create(b.t.Context(), b.in, session.Create{Channel: session.KindCustom})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Session.ID
}

func (b *bench) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		b.t.Error(err)
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	b.mu.Lock()
	b.seen[name] = append(b.seen[name], body)
	answer := b.says[name]
	b.mu.Unlock()
	switch answer {
	case "hang":
		<-r.Context().Done()
	case "huge":
		_, _ = w.Write(append([]byte(`{"output":{}}`), make([]byte, session.MaxHookAnswerBytes)...))
	case "error":
		w.WriteHeader(http.StatusInternalServerError)
	default:
		_, _ = io.WriteString(w, answer)
	}
}

func (b *bench) calls(name string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.seen[name])
}

// talk sends a text and returns the texts of the answer and how the message ended.
func (b *bench) talk(id session.ID, words string) (said []string, outcome session.Outcome) {
	b.t.Helper()
	sent, err := b.core.Accept(b.t.Context(), b.in, session.Incoming{Handle: id, Input: session.Input{Text: words}, Raw: []byte(`{"input":{"text":"` + words + `"}}`)})
	if err != nil {
		b.t.Fatal(err)
	}
	tick, late := time.NewTicker(2*time.Millisecond), time.After(2*time.Minute)
	defer tick.Stop()
	for {
		list, err := b.core.Transcript(b.t.Context(), session.MessageFilter{Session: id, Limit: 200})
		if err != nil {
			b.t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(m *session.Message) bool { return m.ID == sent.Message.ID })
		if at >= 0 && at+1 < len(list) {
			return texts(list[at+1].Body), list[at].Outcome
		}
		select {
		case <-tick.C:
		case <-late:
			b.t.Fatal("no answer")
		}
	}
}

func texts(body []byte) []string {
	var answer struct {
		Responses []struct{ Type, Text, Name string }
	}
	_ = json.Unmarshal(body, &answer)
	said := []string{}
	for _, r := range answer.Responses {
		if r.Text == "" {
			r.Text = r.Type
		}
		said = append(said, r.Text)
	}
	return said
}

func (b *bench) expect(id session.ID, words string, outcome session.Outcome, want ...string) {
	b.t.Helper()
	said, got := b.talk(id, words)
	if !slices.Equal(said, want) || got != outcome {
		b.t.Errorf("%s: %q %s, want %q %s", words, said, got, want, outcome)
	}
}

func (b *bench) at(id session.ID, path ...string) any {
	b.t.Helper()
	v, err := b.core.View(b.t.Context(), b.in, id)
	if err != nil {
		b.t.Fatal(err)
	}
	value, _ := v.Document.At(path...)
	return value
}

// Contract b.2: without a first message webhook the pre message webhook handles the
// first message too; a webhook out of use is as if it were not there.
func TestFirstMessage(t *testing.T) {
	off := false
	for _, test := range []struct {
		name        string
		hooks       []session.AIWebhook
		first, pre  int
		description string
	}{
		{"both", []session.AIWebhook{{Name: "first", Type: session.HookFirst}, {Name: "pre", Type: session.HookPre}}, 1, 2, "of three messages"},
		{"only pre", []session.AIWebhook{{Name: "pre", Type: session.HookPre}}, 0, 3, "of three messages"},
		{"first is off", []session.AIWebhook{{Name: "first", Type: session.HookFirst, Enabled: &off}, {Name: "pre", Type: session.HookPre}}, 0, 3, "of three messages"},
		{"only first", []session.AIWebhook{{Name: "first", Type: session.HookFirst}}, 1, 0, "of three messages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, echo, test.hooks...)
			id := b.open()
			for _, words := range []string{"a", "b", "c"} {
				b.expect(id, words, session.OutcomeAnswered, "echo "+words)
			}
			if b.calls("first") != test.first || b.calls("pre") != test.pre {
				t.Errorf("first %d, pre %d %s, want %d, %d", b.calls("first"), b.calls("pre"), test.description, test.first, test.pre)
			}
		})
	}
}

// Contract b.2 and (f): no retry, 10 s, 1 MiB; what fails is answered by the fallback,
// by the bot where there is none, or by an error turn.
func TestFailures(t *testing.T) {
	for _, kind := range []session.HookType{session.HookPre, session.HookPost} {
		for _, answer := range []string{"hang", "huge", "error", "[", `{"output":[]}`, `{"output":{"constructor":1}}`} {
			t.Run(string(kind)+" "+answer, func(t *testing.T) {
				hook := session.AIWebhook{Name: "hook", Type: kind}
				bench := func(hook session.AIWebhook) *bench {
					b := newBench(t, echo, hook)
					if answer == "hang" {
						b.limit = 200 * time.Millisecond
					}
					return b
				}
				plain, told := bench(hook), hook
				plain.says["hook"] = answer
				plain.expect(plain.open(), "hi", session.OutcomeAnswered, "echo hi")
				told.Fallback = "sorry"
				with := bench(told)
				with.says["hook"] = answer
				with.expect(with.open(), "hi", session.OutcomeAnswered, "sorry")
				hook.FailOnError = true
				strict := bench(hook)
				strict.says["hook"] = answer
				strict.expect(strict.open(), "hi", session.OutcomeFailed)
				if plain.calls("hook") != 1 || with.calls("hook") != 1 || strict.calls("hook") != 1 {
					t.Error("a failed call is not repeated")
				}
			})
		}
	}
}

// The address guard holds at the moment of the call too.
func TestGuarded(t *testing.T) {
	b := newBench(t, echo, session.AIWebhook{Name: "pre", Type: session.HookPre, Fallback: "refused"})
	b.guard = egress.Guard{AllowHTTP: true}
	b.expect(b.open(), "hi", session.OutcomeAnswered, "refused")
	if b.calls("pre") != 0 {
		t.Error("a private address was called")
	}
	err := aihook.CheckSettings(&b.in.Settings, egress.Guard{})
	if err == nil || !strings.Contains(err.Error(), "ai_webhooks[0].url: must use https") {
		t.Errorf("%v", err)
	}
}

// What a webhook brings is seen by the bot of the same turn, and the bot's own
// patch wins over it.
func TestPatches(t *testing.T) {
	bot := func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		d, _ := echo(ctx, turn)
		plan, _ := turn.Document.At("plan")
		d.Replies = []session.Reply{textReply(plan.(string))}
		d.Patches = []session.Patch{{Context: session.Document{"by": "bot"}}}
		return d, nil
	}
	b := newBench(t, bot, session.AIWebhook{Name: "pre", Type: session.HookPre}, session.AIWebhook{Name: "post", Type: session.HookPost})
	b.says["pre"] = `{"output":{"plan":"x","by":"pre","user.email":"a@shop.example"},"context":{"plan":"gold","sys-desk":"mine"}}`
	b.says["post"] = `{"output":{"last":"post","by":"post"}}`
	id := b.open()
	b.expect(id, "hi", session.OutcomeAnswered, "gold")
	for path, want := range map[string]any{"plan": "gold", "by": "post", "last": "post", "user email": "a@shop.example", "user.email": "a@shop.example", "sys-desk": nil} {
		if got := b.at(id, strings.Fields(path)...); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := b.seen["post"][0]["context"].(map[string]any)["by"]; got != "bot" {
		t.Errorf("the post message webhook saw by = %v", got)
	}
}

// Actions of an answer: contract b.2.
func TestActions(t *testing.T) {
	b := newBench(t, echo, session.AIWebhook{Name: "pre", Type: session.HookPre}, session.AIWebhook{Name: "more", Type: session.HookDialog, Fallback: "of more"})
	b.says["pre"] = `{"responses":[{"type":"text","texts":["a","b"]},{"type":"webhook","webhook_id":"more"},{"type":"text","text":"c"}]}`
	b.says["more"] = `{"output":{"plan":"gold"},"responses":[{"type":"url","url":"https://shop.example"}]}`
	id := b.open()
	b.expect(id, "hi", session.OutcomeAnswered, "b", "url", "c")
	if b.at(id, "plan") != "gold" {
		t.Error("the patch of a webhook that another one named is lost")
	}
	b.says["more"] = "error"
	b.expect(id, "hi", session.OutcomeAnswered, "b", "of more", "c")
	b.says["pre"] = `{"responses":[{"type":"webhook","webhook_id":"more","fallback":["of the action"]},{"type":"webhook","webhook_id":"nobody"}]}`
	b.expect(id, "hi", session.OutcomeAnswered, "of the action")

	b.says["pre"], b.says["more"] = `{"responses":[{"type":"webhook","webhook_id":"more"}]}`, `{"responses":[{"type":"webhook","webhook_id":"more"}]}`
	before := b.calls("pre") + b.calls("more")
	b.expect(id, "round and round", session.OutcomeAnswered, "of more")
	if n := b.calls("pre") + b.calls("more") - before; n != session.AIWebhookCalls {
		t.Errorf("%d calls in a turn, the limit is %d", n, session.AIWebhookCalls)
	}

	b.says["pre"] = `{"responses":[{"type":"tag","tags":["vip","vip"]},{"type":"event","name":"hurry"}]}`
	b.expect(id, "hi", session.OutcomeAnswered, "echo hi")
	if tags, _ := b.at(id, "tags").([]any); len(tags) != 1 || tags[0] != "vip" {
		t.Errorf("tags %v", tags)
	}
	b.wait(id, "event hurry")

	b.says["pre"] = `{"responses":[{"type":"reset","nodeId":"/Start","variables":["plan"]},{"type":"handover","name":"sales"}]}`
	b.expect(id, "hi", session.OutcomeAnswered, "handover")
	if b.at(id, "plan") != nil {
		t.Error("a variable was not reset")
	}
	v, err := b.core.View(t.Context(), b.in, id)
	if err != nil || !v.Conversation.Human() {
		t.Errorf("the conversation was not handed over: %v", err)
	}
}

// wait waits until the bot said something by itself.
func (b *bench) wait(id session.ID, want string) {
	b.t.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(2*time.Minute)
	defer tick.Stop()
	for {
		list, err := b.core.Transcript(b.t.Context(), session.MessageFilter{Session: id, Limit: 200})
		if err != nil {
			b.t.Fatal(err)
		}
		if slices.ContainsFunc(list, func(m *session.Message) bool { return slices.Equal(texts(m.Body), []string{want}) }) {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			b.t.Fatalf("%q was not said", want)
		}
	}
}

// A failed bot stays failed, and the webhook after the message is not called.
func TestBotFails(t *testing.T) {
	b := newBench(t, func(context.Context, *session.Turn) (*session.Decision, error) {
		return &session.Decision{Failure: &session.Failure{Code: "script", Message: "broken"}}, nil
	}, session.AIWebhook{Name: "post", Type: session.HookPost})
	b.expect(b.open(), "hi", session.OutcomeFailed)
	if b.calls("post") != 0 {
		t.Error("the post message webhook was called")
	}
}

// livechatting is a bot that hears of its livechats.
type livechatting struct{ botFunc }

func (livechatting) Livechat(*session.Vars) *session.Livechat {
	return &session.Livechat{ClosePhrases: []string{"back"}}
}

func TestLivechatIsPassedOn(t *testing.T) {
	in := &session.Integration{Settings: session.Settings{AIWebhooks: []session.AIWebhook{{Name: "pre", Type: session.HookPre}}}}
	caller := aihook.New(aihook.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	bot, _ := caller.Around(livechatting{echo}, in).(session.LivechatBot)
	if bot == nil || bot.Livechat(nil) == nil {
		t.Error("the bot inside is not asked")
	}
	plain, _ := caller.Around(botFunc(echo), in).(session.LivechatBot)
	if plain.Livechat(nil) != nil {
		t.Error("a bot without livechats has one")
	}
	if _, wrapped := caller.Around(botFunc(echo), &session.Integration{}).(session.LivechatBot); wrapped {
		t.Error("a bot is wrapped for nothing")
	}
}
