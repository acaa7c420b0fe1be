package sqlite

import (
	"fmt"
	"reflect"
	"testing"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
	"parley/internal/sqlitetest"
)

// filled returns a row with a value of its own in every field.
func filled[V any](t *testing.T) *V {
	t.Helper()
	v := new(V)
	n := 0
	fill(t, reflect.ValueOf(v).Elem(), &n)
	return v
}

func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d \x00 '\" é 😀", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n) + 1<<20)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.SetBytes(fmt.Appendf(nil, `{"n":%d}`, *n))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(*n + i))
		}
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}

// check compares a row that was written with the one read back.
func check[V any](t *testing.T, want V) func(V, error) {
	return func(got V, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		} else if d := sessiontest.Diff(want, got); d != "" {
			t.Errorf("%T%s", want, d)
		}
	}
}

// TestEveryColumn writes rows with a value in every field and reads them back:
// first as new rows, then over rows that had nothing in them.
func TestEveryColumn(t *testing.T) {
	for _, over := range []bool{false, true} {
		t.Run(fmt.Sprintf("over=%t", over), func(t *testing.T) { everyColumn(t, over) })
	}
}

func everyColumn(t *testing.T, over bool) {
	c := openStore(t, sqlitetest.Dir(t, Open)).writer.committer.conn
	client, chain, s, vars := filled[session.Client](t), filled[session.Chain](t), filled[session.Session](t), filled[session.Vars](t)
	talk, m, timer, rem := filled[session.Conversation](t), filled[session.Message](t), filled[session.Timer](t), filled[session.Remembered](t)
	full := &session.Batch{
		Clients: []*session.Client{client}, Chains: []*session.Chain{chain}, Sessions: []*session.Session{s},
		Vars: []*session.Vars{vars}, Conversations: []*session.Conversation{talk}, Timers: []*session.Timer{timer},
		Remembered: []*session.Remembered{rem}, Documents: []session.DocumentRow{{Session: s.ID, JSON: []byte(`{"a":"\u0000"}`)}},
	}
	if over {
		writeAll(t, c, bare(full, m))
		full.Messages = []*session.Message{m}
	} else {
		full.NewMessages = []*session.Message{m}
	}
	writeAll(t, c, full)
	r := &rows{conn: c}
	check(t, client)(r.Client(client.ID))
	check(t, chain)(r.Chain(chain.ID))
	check(t, s)(r.Session(s.ID))
	check(t, vars)(r.Vars(vars.Session))
	check(t, talk)(r.Conversation(talk.Session))
	check(t, m)(r.Message(m.ID))
	check(t, []*session.Timer{timer})(r.Timers(timer.Session))
	check(t, rem)(r.Remembered(rem.Integration, rem.Route, rem.Key))
	check(t, full.Documents[0].JSON)(r.Document(s.ID))
}

// bare is a batch of the same keys, and of what a row keeps for life, with
// nothing else in it.
func bare(b *session.Batch, m *session.Message) *session.Batch {
	cl, ch, s, talk, rem := b.Clients[0], b.Chains[0], b.Sessions[0], b.Conversations[0], b.Remembered[0]
	return &session.Batch{
		Clients: []*session.Client{{ID: cl.ID, Integration: cl.Integration, Key: cl.Key}},
		Chains:  []*session.Chain{{ID: ch.ID, Client: ch.Client}},
		Sessions: []*session.Session{{
			ID: s.ID, Integration: s.Integration, Client: s.Client, Chain: s.Chain, Predecessor: s.Predecessor,
			Channel: s.Channel, CreatedMs: s.CreatedMs, ExternalID: s.ExternalID, ChannelUserID: s.ChannelUserID,
			IsTest: s.IsTest, OptOut: s.OptOut,
		}},
		Vars:          []*session.Vars{{Session: b.Vars[0].Session}},
		Conversations: []*session.Conversation{{ID: talk.ID, Session: talk.Session}},
		Timers:        []*session.Timer{{ID: session.ID{1}, Session: b.Timers[0].Session, Kind: b.Timers[0].Kind}},
		Remembered:    []*session.Remembered{{Integration: rem.Integration, Route: rem.Route, Key: rem.Key}},
		Documents:     []session.DocumentRow{{Session: s.ID}},
		NewMessages: []*session.Message{{
			ID: m.ID, Client: m.Client, Author: m.Author, Body: m.Body, Handle: m.Handle, AcceptedIn: m.AcceptedIn,
			ClientMessageID: m.ClientMessageID, InputHash: m.InputHash, Trace: m.Trace,
		}},
	}
}

func writeAll(t *testing.T, c *conn, b *session.Batch) {
	t.Helper()
	if err := write(c, b); err != nil {
		t.Fatal(err)
	}
}

// TestSessionOutsideIndexes: a change that leaves status and check time alone
// takes another statement.
func TestSessionOutsideIndexes(t *testing.T) {
	c := openStore(t, sqlitetest.Dir(t, Open)).writer.committer.conn
	want := filled[session.Session](t)
	old := &session.Session{
		ID: want.ID, Integration: want.Integration, Client: want.Client, Chain: want.Chain, Predecessor: want.Predecessor,
		Channel: want.Channel, CreatedMs: want.CreatedMs, ExternalID: want.ExternalID, ChannelUserID: want.ChannelUserID,
		IsTest: want.IsTest, OptOut: want.OptOut, Status: want.Status, CheckMs: want.CheckMs,
	}
	writeAll(t, c, &session.Batch{Sessions: []*session.Session{old}})
	writeAll(t, c, &session.Batch{Sessions: []*session.Session{want}})
	check(t, want)((&rows{conn: c}).Session(want.ID))
}

// TestTimerReplaced: the dead id and its successor may come in one batch.
func TestTimerReplaced(t *testing.T) {
	c := openStore(t, sqlitetest.Dir(t, Open)).writer.committer.conn
	old := filled[session.Timer](t)
	next := *old
	next.ID, next.DueMs = session.ID{9}, 99
	writeAll(t, c, &session.Batch{Timers: []*session.Timer{old}})
	writeAll(t, c, &session.Batch{DeadTimers: []session.ID{old.ID}, Timers: []*session.Timer{&next}})
	check(t, []*session.Timer{&next})((&rows{conn: c}).Timers(old.Session))
	writeAll(t, c, &session.Batch{DeadTimers: []session.ID{old.ID}})
	check(t, []*session.Timer{&next})((&rows{conn: c}).Timers(old.Session))
}
