package inbox

import (
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/session"
)

// utterance is what a message shows to people.
type utterance struct {
	author  string
	text    string // all of it, for the search
	preview string
}

// utteranceOf returns what a message event says; ok is false for other events
// and for messages that show nothing: an event for the bot, the widget's first
// message, an empty answer.
func utteranceOf(ev *session.Event, set *session.Settings) (said utterance, ok bool) {
	if ev.Message == nil {
		return said, false
	}
	switch ev.Kind {
	case session.EventMessageUser:
		said = inputSaid(AuthorUser, ev.Message)
		if said.text == set.WelcomeTrigger() {
			return said, false
		}
	case session.EventMessageAgent, session.EventMessageExternal:
		said = inputSaid(AuthorAgent, ev.Message)
	case session.EventMessageNote:
		said = inputSaid(AuthorNote, ev.Message)
	case session.EventMessageBot:
		said = botSaid(ev.Message)
	}
	return said, said.preview != ""
}

func inputSaid(author string, m *session.Message) utterance {
	in := m.InputOf()
	parts := []string{in.Text}
	for _, a := range in.Attachments {
		parts = append(parts, firstOf(a.Filename, a.Title, a.Type))
	}
	return said(author, parts)
}

// said: the preview shows the first thing there is.
func said(author string, parts []string) utterance {
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(parts) == 0 {
		return utterance{}
	}
	return utterance{author: author, text: strings.Join(parts, "\n"), preview: parts[0]}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// reply holds the words of a reply of any type: contract (e).
type reply struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Name  string `json:"name"`
	Label string `json:"label"`
	URL   string `json:"url"`
	Cards []struct {
		Title    string `json:"title"`
		Subtitle string `json:"subtitle"`
	} `json:"cards"`
}

func (r *reply) words() string {
	switch r.Type {
	case "pause", "handover", "close":
		return ""
	}
	parts := []string{firstOf(r.Text, r.Name, r.Label)}
	for _, card := range r.Cards {
		parts = append(parts, card.Title, card.Subtitle)
	}
	words := strings.TrimSpace(strings.Join(parts, " "))
	return firstOf(words, r.URL, r.Type)
}

func botSaid(m *session.Message) utterance {
	var body struct {
		Responses []reply `json:"responses"`
	}
	if json.Unmarshal(m.Body, &body) != nil {
		return utterance{}
	}
	var parts []string
	for i := range body.Responses {
		parts = append(parts, body.Responses[i].words())
	}
	return said(AuthorBot, parts)
}
