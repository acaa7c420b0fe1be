package history

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // a driver
	_ "modernc.org/sqlite"             // the other

	"parley/internal/session"
)

// Read reads the facts of a source, the path of a database file or the URL of
// a PostgreSQL database, in one transaction, beside whatever works on it.
func Read(ctx context.Context, source string) (*Facts, error) {
	db, how, err := open(source)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, how)
	if err != nil {
		return nil, err
	}
	f := &Facts{ReadMs: time.Now().UnixMilli()}
	read := &reader{ctx: ctx, tx: tx}
	for _, part := range []func(*reader){f.readClients, f.readSessions, f.readMessages, f.readEvents, f.readDeliveries} {
		part(read)
	}
	return f, errors.Join(read.err, tx.Rollback())
}

// reader keeps the first error.
type reader struct {
	ctx context.Context
	tx  *sql.Tx
	err error
}

// each calls take for every row, with a scan of its columns.
func (r *reader) each(query string, take func(scan func(...any))) {
	if r.err != nil {
		return
	}
	rows, err := r.tx.QueryContext(r.ctx, query)
	if err != nil {
		r.err = fmt.Errorf("%s: %w", query, err)
		return
	}
	defer rows.Close()
	for rows.Next() && r.err == nil {
		take(func(columns ...any) { r.err = rows.Scan(columns...) })
	}
	r.err = errors.Join(r.err, rows.Err())
}

// id scans a key into its text form: 16 bytes of SQLite, a uuid of PostgreSQL.
type id struct{ to *string }

// Scan is sql.Scanner's.
func (i id) Scan(v any) error {
	var raw session.ID
	switch v := v.(type) {
	case []byte:
		copy(raw[:], v)
	case string:
		return i.parse(v)
	}
	*i.to = raw.String()
	return nil
}

func (i id) parse(text string) error {
	parsed, err := session.ParseID(text)
	*i.to = parsed.String()
	return err
}

// object scans JSON text into a map, numbers as they are written.
type object struct{ to *map[string]any }

// Scan is sql.Scanner's.
func (o object) Scan(v any) error {
	text, _ := v.(string)
	if text == "" {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return dec.Decode(o.to)
}

// count returns the number under n of a script's data, 0 where there is none.
func count(data map[string]any) int64 {
	n, _ := data["n"].(json.Number)
	v, _ := strconv.ParseInt(n.String(), 10, 64)
	return v
}

func (f *Facts) readClients(r *reader) {
	r.each(`SELECT id, integration, key, data, inbox_number, pending FROM clients`, func(scan func(...any)) {
		c, data := &Client{}, map[string]any{}
		scan(id{&c.ID}, &c.Integration, &c.Key, object{&data}, &c.InboxNumber, &c.Pending)
		c.N = count(data)
		f.Clients = append(f.Clients, c)
	})
	r.each(`SELECT id, client, head, sequence, version, epoch FROM chains`, func(scan func(...any)) {
		c := &Chain{}
		scan(id{&c.ID}, id{&c.Client}, id{&c.Head}, &c.Sequence, &c.Version, &c.Epoch)
		f.Chains = append(f.Chains, c)
	})
}

func (f *Facts) readSessions(r *reader) {
	r.each(`SELECT s.id, s.integration, s.client, s.chain, s.predecessor, s.successor, s.status, s.reason, s.external_id,
		s.created_ms, s.ended_ms, d.doc, v.data FROM sessions s LEFT JOIN documents d ON d.session = s.id
		LEFT JOIN vars v ON v.session = s.id`, func(scan func(...any)) {
		s, data := &Session{}, map[string]any(nil)
		scan(id{&s.ID}, &s.Integration, id{&s.Client}, id{&s.Chain}, id{&s.Predecessor}, id{&s.Successor}, &s.Status, &s.Reason,
			&s.External, &s.CreatedMs, &s.EndedMs, object{&s.Document}, object{&data})
		s.N = -1
		if data != nil {
			s.N = count(data)
		}
		f.Sessions = append(f.Sessions, s)
	})
	r.each(`SELECT id, session, owner, agent_id, opened_ms, closed_ms FROM conversations`, func(scan func(...any)) {
		c := &Conversation{}
		scan(id{&c.ID}, id{&c.Session}, &c.Owner, &c.Agent, &c.OpenedMs, &c.ClosedMs)
		f.Conversations = append(f.Conversations, c)
	})
	r.each(`SELECT id, session, kind, due_ms FROM timers`, func(scan func(...any)) {
		t := &Timer{}
		scan(id{&t.ID}, id{&t.Session}, &t.Kind, &t.DueMs)
		f.Timers = append(f.Timers, t)
	})
}

func (f *Facts) readMessages(r *reader) {
	r.each(`SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id,
		outcome, why FROM messages ORDER BY client, number`, func(scan func(...any)) {
		m, body := &Stored{}, ""
		scan(id{&m.ID}, id{&m.Client}, &m.Author, &m.AtMs, &body, id{&m.Chain}, id{&m.Session}, &m.Sequence, &m.Number,
			id{&m.Handle}, id{&m.AcceptedIn}, &m.ClientMessageID, &m.Outcome, &m.Why)
		m.read(body)
		f.Messages = append(f.Messages, m)
	})
}

func (f *Facts) readEvents(r *reader) {
	r.each(`SELECT chain, sequence, session, at_ms, kind, body, message FROM events ORDER BY chain, sequence`, func(scan func(...any)) {
		e := &Event{}
		scan(id{&e.Chain}, &e.Sequence, id{&e.Session}, &e.AtMs, &e.Kind, object{&e.Body}, id{&e.Message})
		f.Events = append(f.Events, e)
	})
}

func (f *Facts) readDeliveries(r *reader) {
	for table, dead := range map[string]bool{"outbox": false, "outbox_dead": true} {
		r.each(`SELECT id, chain, session, kind, sequence, due_ms FROM `+table, func(scan func(...any)) {
			d := &Delivery{Dead: dead}
			scan(id{&d.ID}, id{&d.Chain}, id{&d.Session}, &d.Kind, &d.Sequence, &d.DueMs)
			f.Deliveries = append(f.Deliveries, d)
		})
	}
}

// read takes from the body of a message what it says.
func (m *Stored) read(body string) {
	var said struct {
		Input struct {
			Text string `json:"text"`
		} `json:"input"`
		Responses []struct {
			Text string `json:"text"`
		} `json:"responses"`
	}
	_ = json.Unmarshal([]byte(body), &said) // a body that says nothing has no token
	m.Verb, m.Token, _ = strings.Cut(said.Input.Text, " ")
	for _, r := range said.Responses {
		m.Replies = append(m.Replies, parseReply(r.Text))
	}
}

// parseReply reads "VERB TOKEN s=N c=M".
func parseReply(text string) Reply {
	words := strings.Fields(text)
	var r Reply
	for i, w := range words {
		switch {
		case i == 0:
			r.Verb = w
		case strings.HasPrefix(w, "s="):
			r.S, _ = strconv.ParseInt(w[2:], 10, 64)
		case strings.HasPrefix(w, "c="):
			r.C, _ = strconv.ParseInt(w[2:], 10, 64)
		case i == 1:
			r.Token = w
		}
	}
	return r
}

// Waiting counts what a program has still to do within ten seconds: messages
// without a turn, timers, webhooks, sessions about to expire.
func Waiting(ctx context.Context, source string) (n int, err error) {
	db, _, err := open(source)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	soon := time.Now().Add(10 * time.Second).UnixMilli()
	err = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM messages WHERE sequence = 0 AND number > 0)
		+ (SELECT count(*) FROM timers WHERE due_ms < $1) + (SELECT count(*) FROM outbox)
		+ (SELECT count(*) FROM sessions WHERE status = 'active' AND check_ms < $1)`, soon).Scan(&n)
	return n, err
}

// open opens a source, with what a transaction needs to see one moment.
func open(source string) (*sql.DB, *sql.TxOptions, error) {
	if strings.HasPrefix(source, "postgres://") {
		db, err := sql.Open("pgx", source)
		return db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, err
	}
	file := url.URL{Scheme: "file", Path: source, RawQuery: "_pragma=busy_timeout(10000)&_pragma=query_only(1)"}
	db, err := sql.Open("sqlite", file.String())
	return db, nil, err
}

// ReadTurns reads the program's debug log: a JSON object a line. A line that a
// kill cut short is left out.
func ReadTurns(log io.Reader) ([]Turn, error) {
	var turns []Turn
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var e session.TraceEntry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		turns = append(turns, Turn{
			Node: e.Node.String(), Fence: e.Fence, Change: e.Change.String(), Client: e.Client.String(), Session: e.Session.String(), Cause: e.Cause,
			Load: e.Load.UnixNano(), Commit: e.Commit.UnixNano(), Err: e.Err,
		})
	}
	return turns, lines.Err()
}
