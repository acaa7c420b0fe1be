package transcript

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/internal/session"
)

// Text writes the transcript for people, moments in a time zone (nil is UTC). One
// message is one paragraph; what is no text stands in brackets.
func (t *Transcript) Text(zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	var out strings.Builder
	last := ""
	for i, p := range t.Sessions {
		if i > 0 {
			fmt.Fprintf(&out, "\n-- a new session --\n")
		}
		for _, l := range p.Lines {
			moment := at(l.AtMs, zone)
			if today := moment.Format(day); today != last {
				last = today
				fmt.Fprintf(&out, "\n%s (%s)\n\n", today, zone)
			}
			fmt.Fprintf(&out, "[%s] %s: %s\n", moment.Format(clock), t.speaker(&l), indented(l.words()))
		}
		if p.EndedMs > 0 {
			fmt.Fprintf(&out, "[%s] the session ended (%s)\n", at(p.EndedMs, zone).Format(clock), p.Reason)
		}
	}
	return strings.TrimLeft(out.String(), "\n")
}

func (t *Transcript) speaker(l *Line) string {
	switch {
	case l.Author == session.AuthorBot:
		return "Bot"
	case l.Agent != nil && l.Agent.Name != "":
		return oneLine(l.Agent.Name)
	case l.Agent != nil:
		return "Agent " + oneLine(l.Agent.ID)
	case t.Client != "":
		return oneLine(t.Client)
	}
	return "Client"
}

// oneLine keeps a name from looking like another message.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// indented sets what follows the first line apart from the next message.
func indented(s string) string {
	return strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(s, "\r", "")), "\n", "\n    ")
}

func (l *Line) words() string {
	if l.Input != nil {
		return inputWords(l.Input)
	}
	var body struct {
		Responses []response `json:"responses"`
	}
	_ = json.Unmarshal(l.Output, &body) // written by the core
	var parts []string
	for _, r := range body.Responses {
		if words := r.words(); words != "" {
			parts = append(parts, words)
		}
	}
	return strings.Join(parts, "\n")
}

func inputWords(in *session.Input) string {
	var parts []string
	if in.Text != "" {
		parts = append(parts, in.Text)
	}
	for _, a := range in.Attachments {
		parts = append(parts, named(a.Type, first(a.Filename, a.Title), a.URL))
	}
	if in.Event != nil {
		parts = append(parts, "[event "+in.Event.Name+"]")
	}
	return strings.Join(parts, "\n")
}

// response holds the fields of contract (e) that say something to a reader.
type response struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	URL     string `json:"url"`
	Name    string `json:"name"`
	Label   string `json:"label"`
	Options []struct {
		Label string `json:"label"`
	} `json:"options"`
	Cards []struct {
		Title    string `json:"title"`
		Subtitle string `json:"subtitle"`
	} `json:"cards"`
}

func (r *response) words() string {
	switch r.Type {
	case "text":
		words := r.Text
		for _, o := range r.Options {
			words += "\n(" + o.Label + ")"
		}
		return words
	case "pause", "close":
		return ""
	case "handover":
		return "[handed over to people]"
	case "carousel":
		words := "[cards]"
		for _, c := range r.Cards {
			words += "\n- " + strings.TrimSpace(c.Title+" "+c.Subtitle)
		}
		return words
	}
	return named(r.Type, first(r.Label, r.Name), r.URL)
}

func named(kind, name, url string) string {
	return "[" + strings.Join(strings.Fields(kind+" "+name+" "+url), " ") + "]"
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
