package sqlite

import (
	"errors"

	"parley/internal/session"
)

// rows is session.Rows on one connection, inside a transaction that the
// connection is in. It keeps the first error of the database apart from the
// refusals of the rules that read through it.
type rows struct {
	conn *conn
	err  error
}

// read is one with the database's errors noted.
func read[T any](r *rows, text string, scan func(*row) *T, args ...any) (*T, error) {
	v, err := one(r.conn, text, scan, args...)
	return v, r.note(err)
}

func readAll[T any](r *rows, text string, scan func(*row) *T, args ...any) ([]*T, error) {
	list, err := all(r.conn, text, scan, args...)
	return list, r.note(err)
}

func (r *rows) note(err error) error {
	if err != nil && r.err == nil && !errors.Is(err, session.ErrNoRow) {
		r.err = err
	}
	return err
}

const selectClient = `SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence FROM clients `

func scanClient(r *row) *session.Client {
	return &session.Client{
		ID: r.id(), Integration: r.text(), Key: r.text(), UserID: r.text(), Data: r.json(),
		InboxNumber: r.int(), Pending: int(r.int()), Failures: int(r.int()), Newest: r.id(), Pushes: int(r.int()),
		Holder: r.id(), Fence: r.int(),
	}
}

func (r *rows) Client(id session.ID) (*session.Client, error) {
	return read(r, selectClient+`WHERE id = ?`, scanClient, id[:])
}

func (r *rows) ClientByKey(integration, key string) (*session.Client, error) {
	return read(r, selectClient+`WHERE integration = ? AND key = ?`, scanClient, integration, key)
}

func scanChain(r *row) *session.Chain {
	c := &session.Chain{
		ID: r.id(), Client: r.id(), Head: r.id(), Sequence: r.int(), Version: r.int(), Epoch: r.int(), EndedMs: r.int(),
		Marks: session.Marks{Delivered: r.int(), Read: r.int(), Seen: r.int()},
	}
	if position, ok := r.next().(string); ok {
		c.Start = &session.Vars{Position: position, Session: r.id(), Data: r.json(), Extra: r.json()}
	}
	return c
}

func (r *rows) Chain(id session.ID) (*session.Chain, error) {
	return read(r, `SELECT id, client, head, sequence, version, epoch, ended_ms, delivered, read, seen,
		start_position, start_session, start_data, start_extra FROM chains WHERE id = ?`, scanChain, id[:])
}

const selectSession = `SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id,
	channel_user_id, is_test, opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms,
	check_ms, warned_ms, armed, bot_release FROM sessions `

func scanSession(r *row) *session.Session {
	return &session.Session{
		ID: r.id(), Integration: r.text(), Client: r.id(), Chain: r.id(), Predecessor: r.id(), Successor: r.id(),
		Status: session.Status(r.text()), Reason: session.Reason(r.text()), Channel: r.text(), ExternalID: r.text(),
		ChannelUserID: r.text(), IsTest: r.flag(), OptOut: r.flag(), Result: r.text(), Started: r.flag(),
		UserMessages: r.int(), CreatedMs: r.int(), EndedMs: r.int(), LastUserMs: r.int(), LastAgentMs: r.int(),
		CheckMs: r.int(), WarnedMs: r.int(), Armed: int(r.int()), Release: int(r.int()),
	}
}

func (r *rows) Session(id session.ID) (*session.Session, error) {
	return read(r, selectSession+`WHERE id = ?`, scanSession, id[:])
}

func (r *rows) Document(id session.ID) ([]byte, error) {
	doc, err := read(r, `SELECT doc FROM documents WHERE session = ?`, func(r *row) *[]byte {
		b := r.json()
		return &b
	}, id[:])
	if err != nil {
		return nil, err
	}
	return *doc, nil
}

func scanVars(r *row) *session.Vars {
	return &session.Vars{Session: r.id(), Data: r.json(), Position: r.text(), Extra: r.json()}
}

func (r *rows) Vars(id session.ID) (*session.Vars, error) {
	return read(r, `SELECT session, data, position, extra FROM vars WHERE session = ?`, scanVars, id[:])
}

const selectConversation = `SELECT id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms,
	integration, department, reason, queued_ms, waiting_ms, answered_ms, snoozed_ms,
	last_agent_id, last_agent_name, last_agent_avatar, rated_ms, rating, feedback FROM conversations `

func scanAgent(r *row) session.Agent {
	return session.Agent{ID: r.text(), Name: r.text(), Avatar: r.text()}
}

func scanConversation(r *row) *session.Conversation {
	return &session.Conversation{
		ID: r.id(), Session: r.id(), Owner: session.OwnerKind(r.text()), Agent: scanAgent(r), OpenedMs: r.int(), ClosedMs: r.int(),
		Integration: r.text(), Department: r.text(), Reason: r.text(), QueuedMs: r.int(), WaitingMs: r.int(), AnsweredMs: r.int(),
		SnoozedMs: r.int(), LastAgent: scanAgent(r), RatedMs: r.int(), Rating: int(r.int()), Feedback: r.text(),
	}
}

// Conversation: at most one of a session is open, and that one is the newest.
// Ids of one millisecond are in no order, so they decide last.
func (r *rows) Conversation(id session.ID) (*session.Conversation, error) {
	return read(r, selectConversation+`WHERE session = ? ORDER BY closed_ms = 0 DESC, opened_ms DESC, closed_ms DESC, id DESC LIMIT 1`,
		scanConversation, id[:])
}

const messageColumns = `m.id, m.client, m.author, m.at_ms, m.body, m.chain, m.session, m.sequence, m.number, m.handle,
	m.accepted_in, m.client_message_id, m.input_hash, m.attempts, m.outcome, m.why, m.thumb, m.trace`

const selectMessage = `SELECT ` + messageColumns + ` FROM messages m `

func scanMessage(r *row) *session.Message {
	return &session.Message{
		ID: r.id(), Client: r.id(), Author: session.Author(r.text()), AtMs: r.int(), Body: r.json(),
		Chain: r.id(), Session: r.id(), Sequence: r.int(), Number: r.int(), Handle: r.id(), AcceptedIn: r.id(),
		ClientMessageID: r.text(), InputHash: r.blob(), Attempts: int(r.int()),
		Outcome: session.Outcome(r.text()), Why: r.text(), Thumb: int(r.int()), Trace: r.text(),
	}
}

func (r *rows) Message(id session.ID) (*session.Message, error) {
	return read(r, selectMessage+`WHERE m.id = ?`, scanMessage, id[:])
}

func (r *rows) MessageByClientID(client session.ID, clientMessageID string) (*session.Message, error) {
	return read(r, selectMessage+`WHERE m.client = ? AND m.client_message_id = ? AND m.repeatable = 1`,
		scanMessage, client[:], clientMessageID)
}

func (r *rows) Pending(client session.ID) ([]*session.Message, error) {
	return readAll(r, selectMessage+`WHERE m.client = ? AND m.sequence = 0 AND m.number > 0 ORDER BY m.number`,
		scanMessage, client[:])
}

const selectTimer = `SELECT id, session, client, kind, due_ms, target_state, handle, event, data FROM timers `

func scanTimer(r *row) *session.Timer {
	return &session.Timer{
		ID: r.id(), Session: r.id(), Client: r.id(), Kind: session.TimerKind(r.text()), DueMs: r.int(), TargetState: r.text(),
		Handle: r.id(), Event: r.text(), Data: r.json(),
	}
}

func (r *rows) Timers(id session.ID) ([]*session.Timer, error) {
	return readAll(r, selectTimer+`WHERE session = ?`, scanTimer, id[:])
}

func (r *rows) NextPush(client session.ID, byMs int64) (*session.Timer, error) {
	return read(r, selectTimer+`WHERE client = ? AND kind = 'push' AND due_ms <= ? ORDER BY due_ms, id LIMIT 1`, scanTimer, client[:], byMs)
}

func scanRemembered(r *row) *session.Remembered {
	return &session.Remembered{
		Integration: r.text(), Route: r.text(), Key: r.text(), Hash: r.blob(), Answer: r.blob(), ExpiresMs: r.int(),
	}
}

func (r *rows) Remembered(integration, route, key string) (*session.Remembered, error) {
	return read(r, `SELECT integration, route, key, hash, answer, expires_ms FROM remembered
		WHERE integration = ? AND route = ? AND key = ?`, scanRemembered, integration, route, key)
}
