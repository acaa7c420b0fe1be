package script

import (
	"encoding/json"
	"errors"
	"hash/fnv"

	"parley/internal/session"
)

// bindAnalytics binds $analytics: script-api 2.7.
func (m *vm) bindAnalytics() {
	m.Bind("sessionResult", func(args []any) (any, error) { m.run.result = text(args, 0); return nil, nil })
	m.Bind("note", func(args []any) (any, error) {
		return nil, m.run.notes.add(text(args, 0), text(args, 1), text(args, 2))
	})
	m.Bind("joinExperiment", func(args []any) (any, error) { return m.run.joinExperiment(text(args, 0)) })
}

// notes are what a turn said to analytics beside the session result. The names
// are those of the vendor's wire model (script-api 2.7).
type notes struct {
	SessionResult  string            `json:"sessionResult,omitempty"`
	Comment        string            `json:"comment,omitempty"`
	SessionData    map[string]string `json:"sessionData,omitempty"`
	SessionLabels  []string          `json:"sessionLabels,omitempty"`
	MessageLabels  []messageLabel    `json:"messageLabels,omitempty"`
	ScenarioAction string            `json:"scenarioAction,omitempty"`
	CampaignResult string            `json:"textCampaignResult,omitempty"`
	Experiments    map[string]string `json:"experiments,omitempty"`
}

type messageLabel struct {
	Name  string `json:"labelName"`
	Group string `json:"groupName,omitempty"`
}

// Limits of what one turn says to analytics.
const (
	maxNotes    = 100
	maxNoteText = 1000 // characters of a name or value
)

func (n *notes) add(kind, name, value string) error {
	if len([]rune(name)) > maxNoteText || len([]rune(value)) > maxNoteText {
		return errors.New("$analytics: a text is longer than 1000 characters")
	}
	if len(n.SessionData)+len(n.SessionLabels)+len(n.MessageLabels)+len(n.Experiments) >= maxNotes {
		return errors.New("$analytics: more than 100 labels and fields in one turn")
	}
	switch kind {
	case "comment":
		n.Comment = name
	case "sessionData":
		n.SessionData = with(n.SessionData, name, value)
	case "sessionLabel":
		n.SessionLabels = append(n.SessionLabels, name)
	case "messageLabel":
		n.MessageLabels = append(n.MessageLabels, messageLabel{name, value})
	case "scenarioAction":
		n.ScenarioAction = name
	case "textCampaignResult":
		n.CampaignResult = name
	case "experiment":
		n.Experiments = with(n.Experiments, name, value)
	}
	return nil
}

// joinExperiment gives a client always the same branch of an experiment.
func (r *run) joinExperiment(name string) (string, error) {
	branch := "A"
	if !r.bot.options.Testing {
		h := fnv.New32a()
		_, _ = h.Write([]byte(name + "\x00" + r.turn.Client.ID.String())) // a hash takes everything
		if h.Sum32()%2 == 1 {
			branch = "B"
		}
	}
	return branch, r.notes.add("experiment", name, branch)
}

// facts is what the turn said to analytics, as an event; nothing for nothing.
func (n notes) facts(result string) []session.Fact {
	n.SessionResult = result
	body := marshal(n)
	if body == "{}" {
		return nil
	}
	return []session.Fact{{Kind: session.EventAnalytics, Body: json.RawMessage(body)}}
}
