package sessiontest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// everyField runs a random load of everything the core can do and compares
// every row with what the batches said.
func everyField(h *House) {
	h.load(11)
	h.Facts.Check(h.T, h.Engine.Store())
}

// everyFieldAfterReopen does the same with what is on the disk.
func everyFieldAfterReopen(h *House) {
	h.load(23)
	h.use(h.Engine.Reopen(h.T))
	h.Facts.Check(h.T, h.Engine.Store())
}

// Fill makes every kind of row in an engine and returns what it was told.
func Fill(t *testing.T, e Engine, seed uint64) *Facts {
	h := NewHouse(t, e)
	h.load(seed)
	return h.Facts
}

func (h *House) load(seed uint64) {
	h.bot, h.now = &moody{}, h.Clock.Tick
	h.In.Settings.DialogTimeout = session.Duration(time.Minute)
	h.use(h.Engine)
	if err := h.Core.Start(context.Background()); err != nil {
		h.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		person := &person{House: h, name: fmt.Sprint("person ", i), dice: rand.New(rand.NewPCG(seed, uint64(i)))}
		all.Go(person.live)
	}
	all.Wait()
	h.encore()
	h.Core.Stop(context.Background())
	h.refuseDullness()
}

// encore makes what chance may have left out.
func (h *House) encore() {
	for _, scene := range [][]string{{"vars", "start"}, {"stop"}, {"timeout"}} {
		id := h.Open().ID
		for _, words := range scene {
			h.Say(id, words)
			h.Facts.awaitEmptyInboxes()
		}
	}
}

// refuseDullness fails a load that has not made every kind of row.
func (h *House) refuseDullness() {
	f := h.Facts
	f.mu.Lock()
	defer f.mu.Unlock()
	started, successors := 0, 0
	for _, c := range f.chains {
		if c.Start != nil {
			started++
		}
	}
	for _, s := range f.sessions {
		if !s.Successor.IsZero() {
			successors++
		}
	}
	for noun, n := range map[string]int{
		"vars": len(f.vars), "conversations": len(f.conversations), "timers": len(f.timers), "remembered": len(f.remembered),
		"deliveries": len(f.outbox), "start values": started, "successors": successors,
	} {
		if n == 0 {
			h.Errorf("the load made no %s", noun)
		}
	}
}

// person does one random thing after another, to one session after another.
type person struct {
	*House
	name string
	dice *rand.Rand
	in   session.ID
}

func (p *person) live() {
	p.in = p.open()
	for n := range 60 {
		if err := p.act(n); err != nil {
			switch session.CodeOf(err) {
			case session.CodeSessionNotFound, session.CodeConflict, session.CodeNotFound:
				p.in = p.open() // it ended; that is life
			default:
				p.Errorf("%s: %v", p.name, err)
			}
		}
	}
}

func (p *person) open() session.ID {
	req := session.Create{
		ChannelUserID: p.name, ExternalID: p.name + "\x00'\"é", Channel: session.KindWeb, IsTest: p.dice.IntN(2) == 0,
		OptOut: p.dice.IntN(2) == 0, Context: patch("note", "a \u0000 and a 😀"),
	}
	if p.dice.IntN(2) == 0 {
		req.ChannelUserID = ""
		req.Repeat = &session.Repeat{Route: "create", Key: fmt.Sprint(p.name, p.dice.Uint64()), Hash: []byte{0, 1, 255},
			Answer: func(r *session.Result) []byte { return []byte(r.Session.ID.String()) }}
	}
	return must(p.Core.Create(context.Background(), p.In, req))(p.House).Session.ID
}

func (p *person) act(n int) (err error) {
	ctx, who := context.Background(), session.Agent{ID: "agent", Name: "An Agent", Avatar: "https://example.com/a.png"}
	switch p.dice.IntN(16) {
	case 0:
		_, err = p.Core.Close(ctx, p.In, p.in, session.ReasonUser)
	case 1:
		_, err = p.Core.CloseConversation(ctx, p.In, p.in, &who)
	case 2:
		_, err = p.Core.ReopenConversation(ctx, p.In, p.in, &who)
	case 3:
		_, err = p.Core.Handover(ctx, p.In, p.in, session.Handover{Reason: "asked", Department: "sales"}, nil)
	case 4:
		_, err = p.Core.Claim(ctx, p.In, p.in, who, true)
	case 5:
		_, err = p.Core.AgentMessage(ctx, p.In, p.in, who, session.Input{Text: "may I help?"}, "")
	case 6:
		_, err = p.Core.Record(ctx, p.In, p.in, who, session.Input{Text: "said elsewhere"}, nil)
	case 7, 8, 9:
		_, err = p.Core.Merge(ctx, p.In, p.in, patch(fmt.Sprint("k", n), p.dice.Float64()))
	default:
		_, err = p.Core.Accept(ctx, p.In, p.message(n))
	}
	return err
}

func (p *person) message(n int) session.Incoming {
	words := moods()[p.dice.IntN(len(moods()))]
	return session.Incoming{
		Handle: p.in, Input: session.Input{Text: words}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, words),
		ClientMessageID: fmt.Sprint(p.name, n), InputHash: []byte(words),
	}
}

func moods() []string {
	return []string{"vars", "vars", "timeout", "start", "restart", "stop", "patch", "handover", "resolve", "fail", "fact", "unreachable"}
}

// moody is a bot that does what it is told, so that a load meets every part of
// a decision.
type moody struct{}

func (*moody) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{
		Replies: []session.Reply{session.Reply(`{"type":"text","text":"so be it"}`)},
		Vars:    session.Vars{Data: []byte(`{"n":1}`), Position: "/a state", Extra: []byte(`{"history":["/"]}`)},
		Client:  []byte(`{"seen":true}`),
	}
	switch turn.Input.Text {
	case "timeout":
		d.Timeout = &session.Timeout{After: time.Hour, TargetState: "/late"}
	case "start":
		d.Switch = session.SwitchStart
	case "restart":
		d.Switch, d.Before = session.SwitchRestart, d.Replies
	case "stop":
		d.Switch = session.SwitchStop
	case "patch":
		d.Patches = []session.Patch{{Context: session.Document{"user": map[string]any{"display_name": "Ann"}}}}
	case "handover":
		d.Handover = &session.Handover{Reason: "the bot gives up"}
	case "resolve":
		d.CloseConversation, d.SessionResult = true, "done"
	case "fail":
		d.Failure = &session.Failure{Code: "script", State: "/a state", Where: "main.sc:1:1", Message: "broke"}
	case "fact":
		d.Facts = []session.Fact{{Kind: session.EventRestartLoop, Body: json.RawMessage(`{"state":"/a"}`)}}
	case "unreachable":
		return nil, errors.New("no route to the bot")
	}
	return d, nil
}
