package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/e2e/history"
)

// Socket is a client of the Socket.IO face that stays on one chain at a time.
// A new one is dialled after every cut.
type Socket struct {
	name string
	rec  *Recorder
	conn *websocket.Conn
	gone chan struct{} // closed when the connection has ended

	mu      sync.Mutex
	acks    map[int]chan map[string]any
	next    int
	stay    *history.Stay
	session string // newest of the chain that was heard of
	last    int64  // newest sequence
	heard   int64  // when the last event came
	version int64
	over    bool // its chain has ended for good
}

// Dial connects a socket to an integration.
func Dial(ctx context.Context, name, url string, in Integration, rec *Recorder) (*Socket, error) {
	address := "ws" + strings.TrimPrefix(url, "http") + "/v1/web/" + in.ID + "/ws/?EIO=4&transport=websocket"
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, err
	}
	s := &Socket{name: name, rec: rec, conn: conn, gone: make(chan struct{}), acks: map[int]chan map[string]any{}}
	for _, want := range []string{"0", "40"} {
		_, packet, err := conn.ReadMessage()
		if err != nil || !strings.HasPrefix(string(packet), want) {
			return nil, errors.Join(fmt.Errorf("%s: got %q, want %s", name, packet, want), err, conn.Close())
		}
		if want == "0" {
			if err := conn.WriteMessage(websocket.TextMessage, []byte("40")); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
		}
	}
	go s.read()
	return s, nil
}

// Cut ends the connection without a word.
func (s *Socket) Cut() {
	_ = s.conn.NetConn().Close()
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

func (s *Socket) read() {
	defer close(s.gone)
	defer s.conn.Close()
	for {
		_, packet, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		text := string(packet)
		switch {
		case text == "2":
			_ = s.write("3")
		case strings.HasPrefix(text, "43"):
			s.acknowledge(text[2:])
		case strings.HasPrefix(text, "42"):
			s.event(text[2:])
		}
	}
}

func (s *Socket) write(packet string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn.WriteMessage(websocket.TextMessage, []byte(packet))
}

// acknowledge takes ID[object].
func (s *Socket) acknowledge(text string) {
	number, list, _ := strings.Cut(text, "[")
	id, _ := strconv.Atoi(number)
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer := s.acks[id]; answer != nil {
		delete(s.acks, id)
		answer <- decode([]byte(strings.TrimSuffix(list, "]")))
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

// event takes [name,object] and notes it where it has a sequence.
func (s *Socket) event(text string) {
	var parts []json.RawMessage
	var name string
	var body payload
	if json.Unmarshal([]byte(text), &parts) != nil || len(parts) != 2 || json.Unmarshal(parts[0], &name) != nil {
		return
	}
	if err := json.Unmarshal(parts[1], &body); err != nil {
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
	s.stay.Seen = append(s.stay.Seen, history.Seen{Kind: name, Session: body.Session, Sequence: body.Sequence, Message: body.Message})
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
	raw, err := json.Marshal([]any{name, full})
	if err != nil {
		return nil
	}
	answer := make(chan map[string]any, 1)
	s.mu.Lock()
	s.next++
	s.acks[s.next] = answer
	packet := "42" + strconv.Itoa(s.next) + string(raw)
	s.mu.Unlock()
	if s.write(packet) != nil {
		return nil
	}
	select {
	case got := <-answer:
		return got
	case <-ctx.Done():
	case <-s.gone:
	case <-time.After(20 * time.Second):
	}
	return nil
}

// begin starts a new stay: what comes now is of one chain.
func (s *Socket) begin(session string, after int64) {
	s.mu.Lock()
	s.stay = &history.Stay{Socket: s.name, Session: session, After: after, Own: map[string]bool{}}
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
