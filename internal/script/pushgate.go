package script

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/session"
)

// bindPushgate binds $pushgate: script-api 2.8.
func (m *vm) bindPushgate() {
	m.Bind("createEvent", func(args []any) (any, error) {
		return pushgate{m.run}.create(text(args, 0), text(args, 1), text(args, 2), text(args, 3))
	})
	m.Bind("createPushback", func(args []any) (any, error) { return pushgate{m.run}.createPushback(text(args, 0), text(args, 1)) })
	m.Bind("cancelEvent", func(args []any) (any, error) { return nil, pushgate{m.run}.cancel(text(args, 0)) })
}

// pushgate sends events to the client of a turn.
type pushgate struct{ *run }

// create sends an event at a time, which is read in a zone; one that has passed
// is now.
func (r pushgate) create(at, zone, event, data string) (string, error) {
	due, err := pushTime(at, zone)
	if err != nil {
		return "", err
	}
	return r.add("createEvent", session.Push{DueMs: due.UnixMilli(), Event: event, Data: json.RawMessage(data)})
}

// createPushback makes a token by which an outside service sends the event.
func (r pushgate) createPushback(event, data string) (string, error) {
	until := r.turn.Now().Add(session.PushbackLife)
	return r.add("createPushback", session.Push{DueMs: until.UnixMilli(), Event: event, Data: json.RawMessage(data), Pushback: true})
}

func (r pushgate) add(function string, p session.Push) (string, error) {
	switch {
	case p.Event == "" || len([]rune(p.Event)) > session.MaxClientMessageChars:
		return "", fmt.Errorf("%s: the name of the event has 1 to %d characters", function, session.MaxClientMessageChars)
	case len(p.Data) > session.MaxPushDataBytes:
		return "", fmt.Errorf("%s: eventData has %d bytes, the limit is %d", function, len(p.Data), session.MaxPushDataBytes)
	case len(r.pushes) >= session.MaxPushesPerTurn:
		return "", fmt.Errorf("%s: more than %d events in one turn", function, session.MaxPushesPerTurn)
	}
	if r.turn.Client.Pushes+len(r.pushes) >= session.MaxPushesPerClient {
		return "", fmt.Errorf("%s: %d events and pushbacks of this client wait, which is the limit", function, session.MaxPushesPerClient)
	}
	p.ID = session.NewID(r.turn.Now())
	r.pushes = append(r.pushes, p)
	return p.ID.String(), nil
}

func (r pushgate) cancel(text string) error {
	id, err := session.ParseID(text)
	if err != nil {
		return fmt.Errorf("cancelEvent: %q is no id of an event", text)
	}
	if len(r.cancels) >= session.MaxPushesPerTurn {
		return fmt.Errorf("cancelEvent: more than %d events in one turn", session.MaxPushesPerTurn)
	}
	kept := slices.DeleteFunc(r.pushes, func(p session.Push) bool { return p.ID == id })
	if len(kept) == len(r.pushes) {
		r.cancels = append(r.cancels, id)
	}
	r.pushes = kept
	return nil
}

// pushTime reads yyyy-MM-ddTHH:mm:ss in a zone, with a zone of its own, or Unix
// milliseconds.
func pushTime(text, name string) (time.Time, error) {
	in, err := zone(name)
	if err != nil {
		return time.Time{}, err
	}
	text = strings.Replace(strings.TrimSpace(text), " ", "T", 1)
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.UnixMilli(ms), nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if at, err := time.ParseInLocation(layout, text, in); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("createEvent: %q is no time; write yyyy-MM-ddTHH:mm:ss", text)
}
