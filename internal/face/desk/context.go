package desk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"parley/internal/face/intake"
	"parley/internal/session"
)

// changeContext merges a patch into the context of a thread. Values that the
// caller sees as *** and sends back are ignored and named.
func changeContext(c *call) (answer, error) {
	update, err := contextUpdate(c)
	if err != nil {
		return answer{}, err
	}
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	out, err := c.face.cfg.Core.Merge(c.ctx, t.in, t.id, update)
	if err != nil {
		return answer{}, err
	}
	doc := out.Document
	if c.masked() {
		doc = t.in.Settings.Redact(doc)
	}
	return ok(struct {
		Context session.Document `json:"context"`
		Version int64            `json:"version"`
		Ignored []string         `json:"ignored"`
	}{doc, out.Version, list(out.Ignored)})
}

// contextUpdate reads the body by the rule that its media type names: {patch}
// merged as moveo a.2 says, or a merge patch of RFC 7396, in which null deletes.
func contextUpdate(c *call) (*session.Update, error) {
	want, err := ifMatch(c)
	if err != nil {
		return nil, err
	}
	by := c.caller.Agent.Public()
	update := &session.Update{Face: session.Face{Masked: c.masked()}, By: session.AuthorAgent, Agent: &by, IfMatch: want}
	media, err := c.body.Media(intake.JSON, intake.MergePatch)
	if err != nil {
		return nil, err
	}
	raw := json.RawMessage(c.body.Bytes)
	if media == intake.MergePatch {
		update.Mode = session.MergeRFC7396
	} else {
		var in struct {
			Patch json.RawMessage `json:"patch"`
		}
		if err := c.into(&in); err != nil {
			return nil, err
		}
		raw = in.Patch
	}
	if len(raw) == 0 {
		return nil, session.Invalid("patch", "is missing")
	}
	update.Patch, err = session.ParseDocument(raw, "context")
	return update, err
}

// ifMatch reads an optional If-Match with one version, with or without quotes.
func ifMatch(c *call) (*session.IfMatch, error) {
	text := c.r.Header.Get("If-Match")
	if text == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(strings.Trim(text, `"`), 10, 64)
	if err != nil || n < 1 {
		return nil, session.Invalid("If-Match", `must be the version of the context, such as "7"`)
	}
	return &session.IfMatch{Version: n}, nil
}

// contextChange is one entry of the history of a context.
type contextChange struct {
	At       int64           `json:"at"`
	Sequence int64           `json:"sequence"`
	Version  int64           `json:"version"` // that the change made
	By       string          `json:"by"`      // user, bot, agent or system
	Agent    *session.Agent  `json:"agent,omitempty"`
	Patch    json.RawMessage `json:"patch"`
}

// How far back the history goes: entries, and events that are looked through.
const (
	historyEntries = 100
	historyEvents  = 10_000
)

// listContextHistory returns the newest changes of a context, newest first.
func listContextHistory(c *call) (answer, error) {
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	entries := []contextChange{}
	// Every change raised the version by one and left an event.
	version := t.view.Chain.Version
	end := t.view.Chain.Sequence
	for looked := int64(0); end > 0 && len(entries) < historyEntries && looked < historyEvents; looked += maxEventsPage {
		page := min(end, maxEventsPage)
		found, err := c.face.cfg.Core.Events(c.ctx, t.view.Chain.ID, end-page, int(page))
		if err != nil {
			return answer{}, err
		}
		for _, ev := range slices.Backward(found) {
			if ev.Kind != session.EventContextUpdated || len(entries) == historyEntries {
				continue
			}
			entries = append(entries, contextChangeOf(c.face.render(t.in, ev, c.masked()), version))
			version--
		}
		if len(found) == 0 {
			break // what came before is gone by now
		}
		end -= page
	}
	return ok(map[string]any{"entries": entries})
}

func contextChangeOf(shown event, version int64) contextChange {
	var body struct {
		Patch json.RawMessage `json:"patch"`
		By    string          `json:"by"`
	}
	_ = json.Unmarshal(shown.Body, &body) // written by the core
	if body.By == "" {
		body.By = authorSystem
	}
	return contextChange{At: shown.At, Sequence: shown.Sequence, Version: version, By: body.By, Agent: shown.Agent, Patch: body.Patch}
}
