package rest

import (
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/session"
)

// sessionRecord is a session on our own routes. Times are milliseconds.
type sessionRecord struct {
	ID            session.ID     `json:"session_id"`
	Chain         session.ID     `json:"chain_id"`
	Predecessor   string         `json:"predecessor_id,omitempty"`
	Successor     string         `json:"successor_id,omitempty"`
	Status        session.Status `json:"status"`
	Reason        session.Reason `json:"reason,omitempty"`
	Channel       string         `json:"channel"`
	ExternalID    string         `json:"external_session_id,omitempty"`
	ChannelUserID string         `json:"channel_user_id,omitempty"`
	IsTest        bool           `json:"is_test"`
	OptOut        bool           `json:"opt_out"`
	Result        string         `json:"result,omitempty"`
	UserMessages  int64          `json:"user_messages"`
	CreatedAt     int64          `json:"created_at"`
	LastUserAt    int64          `json:"last_user_at"`
	EndedAt       int64          `json:"ended_at,omitempty"`
}

func record(s *session.Session) sessionRecord {
	return sessionRecord{
		ID: s.ID, Chain: s.Chain, Predecessor: s.Predecessor.String(), Successor: s.Successor.String(),
		Status: s.Status, Reason: s.Reason, Channel: s.Channel, ExternalID: s.ExternalID, ChannelUserID: s.ChannelUserID,
		IsTest: s.IsTest, OptOut: s.OptOut, Result: s.Result, UserMessages: s.UserMessages,
		CreatedAt: s.CreatedMs, LastUserAt: s.LastUserMs, EndedAt: s.EndedMs,
	}
}

type conversationRecord struct {
	ID       session.ID        `json:"conversation_id"`
	Status   string            `json:"status"`
	Owner    session.OwnerKind `json:"owner"`
	Agent    *session.Agent    `json:"agent,omitempty"`
	OpenedAt int64             `json:"opened_at"`
	ClosedAt int64             `json:"closed_at,omitempty"`
}

func conversation(talk *session.Conversation) *conversationRecord {
	if talk == nil {
		return nil
	}
	r := &conversationRecord{ID: talk.ID, Status: "open", Owner: talk.Owner, OpenedAt: talk.OpenedMs, ClosedAt: talk.ClosedMs}
	if !talk.Open() {
		r.Status = "closed"
	}
	if talk.Owner == session.OwnerAgent {
		r.Agent = &talk.Agent
	}
	return r
}

// showSession returns a session with its context, chain and conversation.
func showSession(c *call) (answer, error) {
	v, err := c.asked()
	if err != nil {
		return answer{}, err
	}
	page := struct {
		Request string `json:"request_id"`
		sessionRecord
		ExpiresAt    int64               `json:"expires_at,omitempty"`
		Version      int64               `json:"version"`
		Sequence     int64               `json:"sequence"`
		Head         session.ID          `json:"head_id"`
		Conversation *conversationRecord `json:"conversation"`
		Context      json.RawMessage     `json:"context"`
	}{
		Request: c.id.String(), sessionRecord: record(v.Session), Version: v.Chain.Version, Sequence: v.Chain.Sequence,
		Head: v.Chain.Head, Conversation: conversation(v.Conversation), Context: render(c.in, v.Document),
	}
	if v.Session.Open() {
		page.ExpiresAt = v.Session.Deadline(&c.in.Settings, v.Conversation)
	}
	return answer{status: http.StatusOK, etag: etag(v.Session.ID, v.Chain.Version), body: encode(page)}, nil
}

// asked returns the session that the request reads.
func (c *call) asked() (*session.View, error) {
	exact, err := c.query().flag("exact")
	if err != nil {
		return nil, err
	}
	return c.look(exact)
}

// listSessions lists the integration's sessions, newest first.
func listSessions(c *call) (answer, error) {
	filter, err := c.sessionFilter()
	if err != nil {
		return answer{}, err
	}
	limit := filter.Limit
	filter.Limit++ // one more tells whether there is a next page
	found, err := c.core().Sessions(c.ctx, filter)
	if err != nil {
		return answer{}, err
	}
	page := struct {
		Request  string          `json:"request_id"`
		Sessions []sessionRecord `json:"sessions"`
		Next     *string         `json:"next_cursor"`
	}{Request: c.id.String(), Sessions: make([]sessionRecord, 0, len(found))}
	for _, s := range found[:min(limit, len(found))] {
		page.Sessions = append(page.Sessions, record(s))
	}
	if len(found) > limit {
		last := page.Sessions[limit-1].ID.String()
		page.Next = &last
	}
	return answer{status: http.StatusOK, body: encode(page)}, nil
}

// maxStale is the highest age, in seconds, that the list of sessions can be asked for.
const maxStale = 100 * 365 * 86400

func (c *call) sessionFilter() (session.SessionFilter, error) {
	q := c.query()
	filter := session.SessionFilter{
		Integration: c.in.ID, ExternalID: q.text("external_session_id"), Status: session.Status(q.text("status")),
	}
	switch filter.Status {
	case "", session.StatusOpen, session.StatusClosed, session.StatusExpired:
	default:
		return filter, session.Invalid("status", "must be active, closed or expired")
	}
	if text := q.text("cursor"); text != "" {
		id, err := session.ParseID(text)
		if err != nil {
			return filter, session.Invalid("cursor", "is not a next_cursor of this list")
		}
		filter.Before = id
	}
	stale, err := q.number("stale", 0, 1, maxStale)
	if err != nil {
		return filter, err
	}
	if stale > 0 {
		filter.Endless = session.EndlessSince(c.at, time.Duration(stale)*time.Second)
	}
	limit, err := q.number("limit", defaultPage, 1, maxPage)
	filter.Limit = int(limit)
	return filter, err
}
