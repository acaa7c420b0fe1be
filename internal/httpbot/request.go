package httpbot

import (
	"encoding/json"
	"time"

	"parley/internal/session"
)

// Kinds of requests.
const (
	kindMessage = "message" // what a person wrote or sent
	kindEvent   = "event"   // an event of a face, or one that was pushed
)

// request is what the endpoint is told. Times are Unix milliseconds.
type request struct {
	Type        string           `json:"type"`
	Request     string           `json:"request_id"`
	Attempt     int              `json:"attempt"`
	Timestamp   int64            `json:"timestamp"`
	Integration string           `json:"integration_id"`
	Channel     string           `json:"channel"`
	Session     sessionBody      `json:"session"`
	Input       inputBody        `json:"input"`
	Context     session.Document `json:"context"`
	Version     int64            `json:"context_version"`
	HumanPart   *humanPart       `json:"human_part,omitempty"` // since the bot last spoke
}

type sessionBody struct {
	ID            string `json:"session_id"`
	Predecessor   string `json:"predecessor_id,omitempty"`
	ExternalID    string `json:"external_session_id,omitempty"`
	ChannelUserID string `json:"channel_user_id,omitempty"`
	UserID        string `json:"user_id"`
	First         bool   `json:"first"` // nothing was said in it before
	UserMessages  int64  `json:"user_messages"`
	OpenedAt      int64  `json:"opened_at"`
	ExpiresAt     int64  `json:"expires_at"`
}

type inputBody struct {
	Text        string               `json:"text"`
	Attachments []session.Attachment `json:"attachments,omitempty"`
	Event       *session.InputEvent  `json:"event,omitempty"`
}

func requestBody(turn *session.Turn, part *humanPart, at time.Time) []byte {
	s := turn.Session
	r := request{
		Type: kindMessage, Request: turn.RequestID.String(), Attempt: turn.Attempt, Timestamp: at.UnixMilli(),
		Integration: turn.Integration.ID, Channel: s.Channel, Context: turn.Document, Version: turn.Version, HumanPart: part,
		Session: sessionBody{
			ID: s.ID.String(), Predecessor: s.Predecessor.String(), ExternalID: s.ExternalID, ChannelUserID: s.ChannelUserID,
			UserID: turn.Client.UserID, First: turn.First, UserMessages: s.UserMessages, OpenedAt: s.CreatedMs, ExpiresAt: turn.ExpiresAtMs,
		},
		Input: inputBody{Text: turn.Input.Text, Attachments: turn.Input.Attachments, Event: turn.Input.Event},
	}
	if turn.Input.Event != nil {
		r.Type = kindEvent
	}
	if turn.Message != nil && turn.Input.Event == nil {
		r.Session.UserMessages++ // the commit of this turn places it
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return nil // unreachable: all of it is JSON already
	}
	return raw
}
