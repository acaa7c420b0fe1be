package rest

import (
	"encoding/json"
	"net/http"

	"parley/internal/session"
)

// eventRecord is one event of a chain.
type eventRecord struct {
	Sequence  int64           `json:"sequence"`
	Session   session.ID      `json:"session_id"`
	Type      string          `json:"type"`
	Timestamp int64           `json:"timestamp"`
	Data      json.RawMessage `json:"data,omitempty"`
	Message   *messageRecord  `json:"message,omitempty"`
}

// listEvents returns the events of a session's chain, oldest first.
func listEvents(c *call) (answer, error) {
	at, err := c.query().page()
	if err != nil {
		return answer{}, err
	}
	v, err := c.asked()
	if err != nil {
		return answer{}, err
	}
	found, err := c.core().Events(c.ctx, v.Chain.ID, at.after, at.limit+1)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Request string        `json:"request_id"`
		Chain   session.ID    `json:"chain_id"`
		Last    int64         `json:"last_sequence"`
		Events  []eventRecord `json:"events"`
		Next    *int64        `json:"next_after"`
	}{Request: c.id.String(), Chain: v.Chain.ID, Last: v.Chain.Sequence, Events: []eventRecord{}}
	if len(found) > at.limit {
		found = found[:at.limit]
		out.Next = &found[at.limit-1].Sequence
	}
	for _, ev := range found {
		out.Events = append(out.Events, recordOf(c, ev))
	}
	return answer{status: http.StatusOK, body: encode(out)}, nil
}

// recordOf is an event as a customer's system may see it: of what is among
// people there is only that it has a sequence.
func recordOf(c *call, ev *session.Event) eventRecord {
	r := eventRecord{Sequence: ev.Sequence, Session: ev.Session, Type: session.EventSequence, Timestamp: ev.AtMs}
	if !ev.Private() {
		r.Type, r.Data, r.Message = ev.Kind, dataOf(c.in, ev), message(c, ev.Message)
	}
	return r
}

// dataOf returns the fields of an event, with a patch as the integration's back
// end may see it.
func dataOf(in *session.Integration, ev *session.Event) json.RawMessage {
	if ev.Kind != session.EventContextUpdated || !in.Settings.MaskREST {
		return ev.Body
	}
	body, err := session.ParseDocument(ev.Body, "")
	patch, isObject := body["patch"].(map[string]any)
	if err != nil || !isObject {
		return nil
	}
	body["patch"] = map[string]any(in.Settings.Redact(patch))
	return body.JSON()
}
