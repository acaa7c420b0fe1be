package app

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/session"
)

const defaultListed = 50

type sessionRecord struct {
	ID          string         `json:"session_id"`
	Integration string         `json:"integration_id"`
	Chain       string         `json:"chain_id"`
	Status      session.Status `json:"status"`
	Reason      session.Reason `json:"reason,omitempty"`
	ExternalID  string         `json:"external_session_id,omitempty"`
	Predecessor string         `json:"predecessor_id,omitempty"`
	Successor   string         `json:"successor_id,omitempty"`
	CreatedAt   time.Time      `json:"created_at"`
	EndedAt     *time.Time     `json:"ended_at,omitempty"`
}

func showSessionRecord(s *session.Session) sessionRecord {
	r := sessionRecord{
		ID: s.ID.String(), Integration: s.Integration, Chain: s.Chain.String(), Status: s.Status, Reason: s.Reason,
		ExternalID: s.ExternalID, Predecessor: s.Predecessor.String(), Successor: s.Successor.String(),
		CreatedAt: time.UnixMilli(s.CreatedMs).UTC(),
	}
	if s.EndedMs > 0 {
		at := time.UnixMilli(s.EndedMs).UTC()
		r.EndedAt = &at
	}
	return r
}

func listSessions(ctx context.Context, n *Node, args named) (any, error) {
	if args.Limit == 0 {
		args.Limit = defaultListed
	}
	filter := session.SessionFilter{Integration: args.Integration, Status: session.Status(args.Status), Limit: args.Limit}
	if args.Stale > 0 {
		filter.Endless = session.EndlessSince(time.Now(), time.Duration(args.Stale)*time.Second)
	}
	found, err := n.core.Sessions(ctx, filter)
	list := []sessionRecord{}
	for _, s := range found {
		list = append(list, showSessionRecord(s))
	}
	return list, err
}

// wholeSession is a session with its context and transcript.
type wholeSession struct {
	sessionRecord
	Version  int64           `json:"version"`
	Context  json.RawMessage `json:"context"`
	Owner    string          `json:"owner,omitempty"`
	Result   string          `json:"result,omitempty"`
	Messages []messageLine   `json:"messages"`
	// Analytics is what the bot's scripts said about the session, in order.
	Analytics []json.RawMessage `json:"analytics,omitempty"`
}

type messageLine struct {
	Sequence int64           `json:"sequence"`
	At       time.Time       `json:"at"`
	Author   session.Author  `json:"author"`
	Outcome  session.Outcome `json:"outcome,omitempty"`
	Why      string          `json:"reason,omitempty"`
	Body     json.RawMessage `json:"body"`
}

// find looks a session up in whatever integration has it.
func (n *Node) find(ctx context.Context, text string) (*session.Integration, *session.View, error) {
	id, err := session.ParseID(text)
	if err != nil {
		return nil, nil, session.Invalid("id", "is not the id of a session")
	}
	for _, in := range n.directory.Integrations() {
		v, err := n.core.At(ctx, in, id)
		if session.CodeOf(err) != session.CodeSessionNotFound || err == nil {
			return in, v, err
		}
	}
	return nil, nil, &session.Error{Code: session.CodeSessionNotFound, Field: "id", Message: "there is no such session"}
}

func showSession(ctx context.Context, n *Node, args named) (any, error) {
	_, v, err := n.find(ctx, args.ID)
	if err != nil {
		return nil, err
	}
	list, err := n.core.Transcript(ctx, session.MessageFilter{Session: v.Session.ID, Limit: 1000})
	if err != nil {
		return nil, err
	}
	w := wholeSession{sessionRecord: showSessionRecord(v.Session), Version: v.Chain.Version, Context: v.Document.JSON(), Messages: []messageLine{}}
	if v.Conversation.Open() {
		w.Owner = string(v.Conversation.Owner)
	}
	for _, m := range list {
		w.Messages = append(w.Messages, messageLine{m.Sequence, time.UnixMilli(m.AtMs).UTC(), m.Author, m.Outcome, m.Why, m.Body})
	}
	w.Result = v.Session.Result
	w.Analytics, err = n.analytics(ctx, v.Session)
	return w, err
}

// analytics collects what scripts said about a session.
func (n *Node) analytics(ctx context.Context, s *session.Session) ([]json.RawMessage, error) {
	const page = 1000
	var list []json.RawMessage
	for after := int64(0); ; {
		events, err := n.core.Events(ctx, s.Chain, after, page)
		for _, ev := range events {
			after = ev.Sequence
			if ev.Kind == session.EventAnalytics && ev.Session == s.ID {
				list = append(list, ev.Body)
			}
		}
		if err != nil || len(events) < page {
			return list, err
		}
	}
}

func closeSession(ctx context.Context, n *Node, args named) (any, error) {
	in, v, err := n.find(ctx, args.ID)
	if err != nil {
		return nil, err
	}
	out, err := n.core.Close(ctx, in, v.Session.ID, session.ReasonAPI)
	if err != nil {
		return nil, err
	}
	return map[string]string{"session_id": out.Session.ID.String(), "status": string(session.StatusClosed)}, nil
}

// turnRecord is a turn that ended as failed.
type turnRecord struct {
	Message string    `json:"message_id"`
	Session string    `json:"session_id"`
	At      time.Time `json:"at"`
	Why     string    `json:"reason"`
}

func listTurns(ctx context.Context, n *Node, args named) (any, error) {
	if args.Limit == 0 {
		args.Limit = defaultListed
	}
	found, err := n.core.Transcript(ctx, session.MessageFilter{Outcome: session.OutcomeFailed, Limit: args.Limit})
	list := []turnRecord{}
	for _, m := range found {
		list = append(list, turnRecord{m.ID.String(), m.Session.String(), time.UnixMilli(m.AtMs).UTC(), m.Why})
	}
	return list, err
}
