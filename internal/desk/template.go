package desk

import (
	"encoding/json"
	"strconv"
	"strings"

	"parley/internal/session"
)

// Template is the text of a canned reply, read. Its variables are
// {{client.name}}, {{agent.name}} and {{context.path.in.the.document}}.
type Template []piece

// piece is text as it is, or a variable.
type piece struct {
	text string
	path []string
}

// Values are what the variables of a template stand for. Whoever fills them
// masks the document first.
type Values struct {
	ClientName string
	AgentName  string
	Context    json.RawMessage
}

// ParseTemplate reads a text with variables. The error names the variable that
// is unknown or not closed.
func ParseTemplate(text string) (Template, error) {
	var t Template
	for {
		before, rest, found := strings.Cut(text, "{{")
		if before != "" {
			t = append(t, piece{text: before})
		}
		if !found {
			return t, nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, session.Invalid("text", "a {{ is not closed by }}")
		}
		path := strings.Split(strings.TrimSpace(name), ".")
		if !knownVariable(path) {
			return nil, session.Invalid("text", "unknown variable {{%s}}: there are client.name, agent.name and context.<path>", strings.TrimSpace(name))
		}
		t = append(t, piece{path: path})
		text = after
	}
}

func knownVariable(path []string) bool {
	for _, step := range path {
		if step == "" || strings.ContainsAny(step, "{} \t\r\n") {
			return false
		}
	}
	switch path[0] {
	case "client", "agent":
		return len(path) == 2 && path[1] == "name"
	case "context":
		return len(path) > 1
	}
	return false
}

// Render puts the values in. What the document does not have becomes nothing;
// an object or a list is written as JSON.
func (t Template) Render(v Values) string {
	var b strings.Builder
	var doc any
	_ = json.Unmarshal(v.Context, &doc) // no document: its variables are empty
	for _, p := range t {
		switch {
		case p.path == nil:
			b.WriteString(p.text)
		case p.path[0] == "client":
			b.WriteString(v.ClientName)
		case p.path[0] == "agent":
			b.WriteString(v.AgentName)
		default:
			b.WriteString(plain(at(doc, p.path[1:])))
		}
	}
	return b.String()
}

// at follows a path through objects and, by number, lists.
func at(v any, path []string) any {
	for _, step := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "" // unreachable: it came from JSON
	}
	return string(raw)
}
