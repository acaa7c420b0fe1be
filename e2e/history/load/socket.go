package load

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"sync"
	"time"

	"parley/e2e/history"
)

// Socket is a client of the Socket.IO face that stays on one chain at a time.
// A new one is dialled after every cut.
type Socket struct {
	name string
	rec  *Recorder
	line line
	gone chan struct{} // closed when the connection has ended
	wait time.Duration // for an acknowledgement

	mu      sync.Mutex
	acks    map[int]chan map[string]any
	next    int
	stay    *history.Stay
	session string // newest of the chain that was heard of
	last    int64  // newest sequence
	heard   int64  // when the last event came
	version int64
	over    bool            // its chain has ended for good
	own     map[string]bool // tokens of earlier connections that may still be sent on this one; nil for none
}

// line carries packets of one connection.
type line interface {
	// emit sends an event that asks for the acknowledgement of a number.
	emit(number int, name string, body map[string]any) error
	// cut ends the connection without a word. It may be called twice.
	cut()
}

// patience is how long an answer is waited for where a run says nothing else.
const patience = time.Minute

// newSocket returns a socket on a line that is there.
func newSocket(name string, rec *Recorder, line line) *Socket {
	return &Socket{name: name, rec: rec, line: line, gone: make(chan struct{}), wait: patience, acks: map[int]chan map[string]any{}}
}

// Cut ends the connection without a word.
func (s *Socket) Cut() {
	s.line.cut()
	<-s.gone
}

// settle marks what a socket that is still there has got as complete, and cuts
// it.
func (s *Socket) settle() {
	s.mu.Lock()
	select {
	case <-s.gone:
	default:
		if s.stay != nil {
			s.stay.Whole = true
		}
	}
	s.mu.Unlock()
	s.Cut()
}

// Where returns the newest session and sequence that the socket knows.
func (s *Socket) Where() (session string, last int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session, s.last
}

// Heard returns when the last event came.
func (s *Socket) Heard() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

// acknowledge gives an answer to who asked for it.
func (s *Socket) acknowledge(number int, body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer := s.acks[number]; answer != nil {
		delete(s.acks, number)
		answer <- body
	}
}

// payload is what is noted of an event.
type payload struct {
	Session     string `json:"session_id"`
	Sequence    int64  `json:"sequence"`
	Version     int64  `json:"version"`
	Message     string `json:"message_id"`
	Predecessor string `json:"predecessor_id"`
	Reason      string `json:"reason"`
	Resumed     bool   `json:"resumed"`
}

// event notes what came where it has a sequence.
func (s *Socket) event(name string, raw json.RawMessage) {
	var body payload
	if err := json.Unmarshal(raw, &body); err != nil {
		return // refusals have other fields
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = s.rec.Now()
	if s.stay == nil || body.Sequence == 0 {
		return
	}
	s.last, s.version = max(s.last, body.Sequence), max(s.version, body.Version)
	switch {
	case name == "session:reconnected":
		s.stay.Attached, s.stay.Resumed, s.stay.Base = true, body.Resumed, body.Sequence
		s.session = body.Session
		return
	case name == "session:created" && body.Predecessor == "" && s.stay.Session == "":
		s.stay.Attached, s.stay.Session, s.stay.Base = true, body.Session, body.Sequence
		s.session = body.Session
		return
	case name == "session:created":
		s.session = body.Session
	case name == "session:closed" && body.Reason != "script":
		s.over = true
	}
	s.stay.Seen = append(s.stay.Seen, history.Seen{Kind: name, Session: body.Session, Sequence: body.Sequence, Message: body.Message, At: s.heard})
}

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := strconv.ParseInt(n.String(), 10, 64)
	return i
}

// ask emits an event and waits for its acknowledgement, nil when none came.
func (s *Socket) ask(ctx context.Context, name string, body map[string]any) map[string]any {
	full := maps.Clone(body)
	full["timestamp"] = time.Now().UnixMilli()
	answer := make(chan map[string]any, 1)
	s.mu.Lock()
	s.next++
	number := s.next
	s.acks[number] = answer
	s.mu.Unlock()
	if s.line.emit(number, name, full) != nil {
		return nil
	}
	select {
	case got := <-answer:
		return got
	case <-ctx.Done():
	case <-s.gone:
	case <-time.After(s.wait):
	}
	return nil
}

// begin starts a new stay: what comes now is of one chain.
func (s *Socket) begin(session string, after int64) {
	s.mu.Lock()
	s.stay = &history.Stay{Socket: s.name, Session: session, After: after, Own: map[string]bool{}}
	if s.own != nil {
		s.stay.Own = s.own
	}
	stay := s.stay
	s.mu.Unlock()
	s.rec.stay(stay)
}

// Create opens a session on a socket that is on no chain.
func (s *Socket) Create(ctx context.Context) *history.Call {
	s.begin("", -1)
	return s.call(ctx, &history.Call{Kind: history.Create}, "session:create", map[string]any{"context": map[string]any{"user": map[string]any{}}})
}

// Reconnect joins the chain of a session on a socket that is on none, with
// everything after a sequence; with -1 from now on.
func (s *Socket) Reconnect(ctx context.Context, session string, after int64) *history.Call {
	s.begin(session, after)
	body := map[string]any{"session_id": session}
	if after >= 0 {
		body["last_sequence"] = after
	}
	return s.call(ctx, &history.Call{Kind: history.View, Session: session}, "session:reconnect", body)
}

// Send sends "VERB TOKEN".
func (s *Socket) Send(ctx context.Context, session, verb, token string, patch map[string]any, repeat int) *history.Call {
	s.mu.Lock()
	if s.stay != nil {
		s.stay.Own[token] = true
	}
	s.mu.Unlock()
	body := map[string]any{"session_id": session, "client_message_id": token, "input": map[string]any{"text": verb + " " + token}}
	if patch != nil {
		body["context"] = patch
	}
	c := &history.Call{Kind: history.Message, Session: session, Token: token, Repeat: repeat, Patch: patch != nil}
	return s.call(ctx, c, "message:send", body)
}

// Merge updates the context. With a version it is a precondition.
func (s *Socket) Merge(ctx context.Context, session, token string, patch map[string]any, version int64) *history.Call {
	full := maps.Clone(patch)
	full["user"] = map[string]any{}
	body := map[string]any{"session_id": session, "context": full}
	if version > 0 {
		body["if_version"] = version
	}
	c := &history.Call{Kind: history.Merge, Session: session, Token: token, Patch: true, IfVersion: version}
	return s.call(ctx, c, "session:context:update", body)
}

// Close ends the session.
func (s *Socket) Close(ctx context.Context, session string) *history.Call {
	return s.call(ctx, &history.Call{Kind: history.Close, Session: session}, "session:close", map[string]any{"session_id": session})
}

// Reopen opens the last resolved conversation.
func (s *Socket) Reopen(ctx context.Context, session string) *history.Call {
	return s.call(ctx, &history.Call{Kind: history.Reopen, Session: session}, "conversation:reopen", map[string]any{"session_id": session})
}

func (s *Socket) call(ctx context.Context, c *history.Call, name string, body map[string]any) *history.Call {
	c.Caller, c.Sent = s.name, s.rec.Now()
	got := s.ask(ctx, name, body)
	defer func() { s.rec.call(c) }()
	if got == nil {
		return c
	}
	c.Answered, c.Outcome = s.rec.Now(), history.Done
	if code, refused := got["error_code"].(string); refused {
		c.Outcome, c.Code = history.Refused, code
		return c
	}
	c.Acting, _ = got["session_id"].(string)
	c.Message, _ = got["message_id"].(string)
	c.Document, _ = got["context"].(map[string]any)
	c.Version = number(got["version"])
	return c
}
